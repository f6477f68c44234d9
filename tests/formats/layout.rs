//! What stands around the variables of a checkpoint, and which of it `load` takes off.

use mlpport::formats::Wrapper;
use mlpport::variables::{Entry, Value};
use mlpport::{Checkpoint, Path, Variables};
use ndarray::array;

/// A checkpoint with arrays at these paths; `=3` behind one makes it the integer 3, `={}` an empty dict.
fn checkpoint(paths: &[&str]) -> Checkpoint {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("checkpoint");
    let mut variables = Variables::new();
    for path in paths {
        let (path, entry) = match path.split_once('=') {
            Some((path, "{}")) => (path, Entry::Empty),
            Some((path, number)) => (path, Value::Int(number.parse().unwrap()).into()),
            None => (*path, array![1.0_f32, 2.0].into()),
        };
        variables.insert(path, entry).unwrap();
    }
    mlpport::save(&variables, &file).unwrap();
    Checkpoint::open(&file).unwrap()
}

/// The paths of the variables.
fn kept(checkpoint: &Checkpoint) -> Vec<String> {
    checkpoint.variables().unwrap().entries().map(|(path, _)| path.to_string()).collect()
}

#[track_caller]
fn assert_kept(paths: &[&str], expected: &[&str], wrappers: &[Wrapper]) {
    let checkpoint = checkpoint(paths);
    assert_eq!(kept(&checkpoint), expected);
    assert_eq!(checkpoint.layout().wrappers(), wrappers);
    let (kept, left_out) = (checkpoint.variables().unwrap().len(), checkpoint.layout().left_out().len());
    assert_eq!(kept + left_out, paths.len(), "every entry is kept or named");
    assert_eq!(checkpoint.raw().unwrap().len(), paths.len(), "the raw tree has all");
}

#[test]
fn variables_alone_stay() {
    for paths in [
        &["batch_stats/BatchNorm_0/mean", "params/Dense_0/kernel"][..],
        &["Dense_0/bias", "Dense_0/kernel"],
        &["fc1/kernel", "step=3"],
        &["images", "labels"],
        &["params"],
        &["params/params"],
        &[],
    ] {
        assert_kept(paths, &paths.iter().map(|path| path.split('=').next().unwrap()).collect::<Vec<_>>(), &[]);
    }
    assert_eq!(checkpoint(&["params/Dense_0/kernel"]).layout().to_string(), "variables alone");
}

#[test]
fn a_train_state_leaves_its_step_and_optimizer() {
    let paths =
        ["opt_state/0/count", "opt_state/0/mu/Dense_0/kernel", "opt_state/1={}", "params/Dense_0/kernel", "step=7"];
    assert_kept(&paths, &["params/Dense_0/kernel"], &[Wrapper::TrainState]);
    let text = checkpoint(&paths).layout().to_string();
    assert_eq!(text, "a train state; left out: opt_state/0/count opt_state/0/mu/Dense_0/kernel opt_state/1 step");
    assert_kept(
        &["batch_stats/BatchNorm_0/mean", "epoch=3", "params/Dense_0/kernel", "step=7"],
        &["batch_stats/BatchNorm_0/mean", "params/Dense_0/kernel"],
        &[Wrapper::TrainState],
    );
}

#[test]
fn all_variables_may_be_the_parameters_of_a_train_state() {
    assert_kept(
        &["opt_state={}", "params/batch_stats/BatchNorm_0/mean", "params/params/Dense_0/kernel", "step=7"],
        &["batch_stats/BatchNorm_0/mean", "params/Dense_0/kernel"],
        &[Wrapper::TrainState, Wrapper::ParamsInParams],
    );
    assert_kept(&["params/params/log_std"], &["params/log_std"], &[Wrapper::ParamsInParams]);
    // Not where that would put two collections into one.
    let both = ["batch_stats/norm/mean", "params/batch_stats/norm/mean", "params/params/norm/scale"];
    assert_kept(&both, &both, &[]);
}

#[test]
fn targets_of_optimizers_are_variables() {
    let target = |path: &str| Wrapper::Target(Path::from(path));
    assert_kept(&["opt/state/step=3", "opt/target/params/kernel"], &["params/kernel"], &[target("opt/target")]);
    assert_kept(&["state/step=3", "target/Dense_0/kernel", "version=3"], &["Dense_0/kernel"], &[target("target")]);
}

#[test]
fn boxes_are_opened() {
    assert_kept(
        &["layers/0/kernel/value", "log_std/value", "out/bias/value"],
        &["layers/0/kernel", "log_std", "out/bias"],
        &[Wrapper::Boxes(3)],
    );
    // nn.Partitioned, on some parameters alone.
    assert_kept(
        &["params/Dense_0/bias", "params/Dense_0/kernel/value"],
        &["params/Dense_0/bias", "params/Dense_0/kernel"],
        &[Wrapper::Boxes(1)],
    );
    // The statistics are in no boxes, the parameters are.
    assert_kept(
        &["batch_stats/norm/mean", "params/embed/table/value"],
        &["batch_stats/norm/mean", "params/embed/table"],
        &[Wrapper::Boxes(1)],
    );
}

#[test]
fn a_raw_parameter_may_be_called_value() {
    let paths = ["params/Critic_0/value", "params/Dense_0/kernel"];
    assert_kept(&paths, &paths, &[]);
    let paths = ["params/head/other", "params/head/value"];
    assert_kept(&paths, &paths, &[]);
    let paths = ["params/value/bias", "params/value/kernel", "value"];
    assert_kept(&paths, &paths, &[]);
}

#[test]
fn streams_of_keys_are_left_out() {
    assert_kept(
        &["dropout/rngs/count/value", "dropout/rngs/key/value", "fc1/kernel/value"],
        &["fc1/kernel"],
        &[Wrapper::Boxes(3), Wrapper::Rngs],
    );
    assert_kept(&["fc1/kernel", "rngs/params/count", "rngs/params/key"], &["fc1/kernel"], &[Wrapper::Rngs]);
    let paths = ["rngs/kernel", "rngs/key"];
    assert_kept(&paths, &["rngs/kernel", "rngs/key"], &[]);
}

#[test]
fn parts_are_read_alone() {
    let checkpoint = checkpoint(&["opt_state/0/count=3", "params/Dense_0/bias", "params/Dense_0/kernel"]);
    let leaves: Vec<String> =
        checkpoint.leaves().map(|leaf| format!("{} {} {:?}", leaf.path, leaf.dtype, leaf.shape)).collect();
    assert_eq!(leaves, ["params/Dense_0/bias float32 [2]", "params/Dense_0/kernel float32 [2]"]);
    assert_eq!(checkpoint.leaf("params/Dense_0/bias").unwrap().shape(), [2]);
    assert_eq!(checkpoint.subtree("params/Dense_0").unwrap().entries().len(), 2);
    assert_eq!(checkpoint.filter(|path| path.last() == Some("kernel")).unwrap().len(), 1);
    assert_eq!(
        checkpoint.leaf("params/Dense_0/kernle").unwrap_err().to_string(),
        "params/Dense_0/kernle: expected an array, found nothing; did you mean `params/Dense_0/kernel`?"
    );
    assert_eq!(
        checkpoint.subtree("opt_stat").unwrap_err().to_string(),
        "opt_stat: expected entries at or below this path, found nothing; did you mean `opt_state`?"
    );
    assert_eq!(
        checkpoint.leaf("opt_state/0/count").unwrap_err().to_string(),
        "opt_state/0/count: expected an array, found 3"
    );
}
