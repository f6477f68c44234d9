#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use ndarray::array;
use proptest::prelude::*;

use super::{Entry, Path, Value, Variables};
use crate::error::Error;
use crate::tensor::{Complex, DType, Tensor};

fn tree(paths: &[&str]) -> Variables {
    let mut variables = Variables::new();
    for path in paths {
        variables.insert(*path, array![1.0_f32]).unwrap();
    }
    variables
}

fn paths(variables: &Variables) -> Vec<String> {
    variables.entries().map(|(path, _)| path.to_string()).collect()
}

fn path_error(result: crate::Result<impl Sized>) -> String {
    match result.map(drop) {
        Err(error @ Error::Path { .. }) => error.to_string(),
        other => panic!("expected Error::Path, found {other:?}"),
    }
}

#[test]
fn paths_are_split_and_escaped() {
    assert_eq!(Path::parse(""), Path::root());
    assert_eq!(Path::parse("a/b"), Path::from(["a", "b"]));
    assert_eq!(Path::parse(r"a\/b/c\\"), Path::from(["a/b", "c\\"]));
    assert_eq!(Path::parse(r"a\d\"), Path::from([r"a\d\"]));
    assert_eq!(Path::parse(r"\u{41}\u{110000}\u{"), Path::from([r"A\u{110000}\u{"]));
    assert_eq!(Path::parse("/"), Path::from(["", ""]));
    assert_eq!(Path::parse(r"\e"), Path::from([""]));
    assert_eq!("x/y".parse::<Path>(), Ok(Path::from(["x", "y"])));
}

#[test]
fn shown_paths_disturb_no_terminal() {
    let path = Path::from(["", "a\nb", "\u{202e}dcba", "größe", "\u{1b}[2J"]);
    assert_eq!(path.to_string(), r"\e/a\u{a}b/\u{202e}dcba/größe/\u{1b}[2J");
    assert_eq!(Path::parse(&path.to_string()), path);
    assert_eq!(format!("{:?}", Path::parse("a/b")), "Path(a/b)");
}

#[test]
fn paths_are_ordered_name_by_name() {
    let mut shuffled = ["a.b", "a/c", "a", "b", "a/b/z", "a/b", "ab"].map(Path::parse);
    shuffled.sort();
    assert_eq!(shuffled, ["a", "a/b", "a/b/z", "a/c", "a.b", "ab", "b"].map(Path::parse));
}

#[test]
fn paths_have_parts() {
    let path = Path::parse("params/Dense_0/kernel");
    assert_eq!((path.first(), path.last(), path.len()), (Some("params"), Some("kernel"), 3));
    assert_eq!(path.parent(), Some(Path::parse("params/Dense_0")));
    assert_eq!(path.strip_prefix(&Path::parse("params")), Some(Path::parse("Dense_0/kernel")));
    assert_eq!(path.strip_prefix(&Path::parse("param")), None);
    assert!(path.starts_with(&path) && path.starts_with(&Path::root()));
    assert!(!path.starts_with(&Path::parse("params/Dense")));
    assert_eq!(Path::root().parent(), None);
    assert_eq!(Path::parse("a").concat(&Path::parse("b/c")), Path::from(vec!["a".to_owned(), "b".into(), "c".into()]));
}

#[test]
fn entries_are_put_and_taken() {
    let mut variables = tree(&["params/b", "params/a", "batch_stats/m"]);
    assert_eq!(paths(&variables), ["batch_stats/m", "params/a", "params/b"]);
    assert_eq!(variables.collections(), ["batch_stats", "params"]);
    variables.insert("params/a", array![1_i32, 2]).unwrap();
    assert_eq!((variables.len(), variables.parameter_count(), variables.size_in_bytes()), (3, 4, 16));
    variables.get_mut("params/a").unwrap().view_mut::<i32>().unwrap()[[0]] = 7;
    assert_eq!(variables.get("params/a"), Some(&Tensor::from_array(array![7, 2])));
    assert_eq!(variables.get("params"), None);
    assert!(variables.remove(&Path::parse("params/a")).unwrap().into_tensor().is_ok());
    assert_eq!(variables.remove(&Path::parse("params/a")), None);
    let taken: Vec<Path> = variables.into_iter().map(|(path, _)| path).collect();
    assert_eq!(taken, [Path::parse("batch_stats/m"), Path::parse("params/b")]);
}

#[test]
fn no_entry_stands_above_another() {
    let mut variables = tree(&["a/b"]);
    assert_eq!(
        path_error(variables.insert("a/b/c", array![0_i8])),
        "a/b/c: expected no entry above a/b/c, found float32 (1,) at a/b"
    );
    assert_eq!(
        path_error(variables.insert("a", Entry::Empty)),
        "a: expected no entries below a, found an entry at a/b"
    );
    assert!(path_error(variables.insert(Path::root(), array![0_i8])).starts_with("the root: "));
    assert_eq!(variables, tree(&["a/b"]));

    let mut bare = Variables::new();
    bare.insert("", array![0_i8]).unwrap();
    assert!(path_error(bare.insert("a", array![0_i8])).ends_with("at the root"));
}

#[test]
fn an_empty_dict_gives_way() {
    let mut variables = Variables::new();
    variables.insert("a", Entry::Empty).unwrap();
    variables.insert("a/b", array![1.0_f32]).unwrap();
    assert_eq!(variables, tree(&["a/b"]));
    let mut empty = Variables::new();
    empty.insert("", Entry::Empty).unwrap();
    assert_eq!(empty, Variables::new());
}

#[test]
fn tensors_and_values_are_told_apart() {
    let mut variables = tree(&["kernel"]);
    let scalar = Tensor::from_array(ndarray::arr0(2_i32));
    variables.insert("step", Value::Scalar(scalar.clone())).unwrap();
    variables.insert("none", Value::None).unwrap();
    variables.insert("empty", Entry::Empty).unwrap();
    assert_eq!(variables.leaves().map(|(path, _)| path.to_string()).collect::<Vec<_>>(), ["kernel", "step"]);
    assert_eq!(variables.values().map(|(path, _)| path.to_string()).collect::<Vec<_>>(), ["none"]);
    assert_eq!(variables.get("step"), Some(&scalar));
    assert_ne!(Entry::Tensor(scalar.clone()), Entry::Value(Value::Scalar(scalar.clone())));
    assert_eq!(Entry::Value(Value::Scalar(scalar.clone())).into_tensor(), Ok(scalar));
    assert_eq!(Entry::Empty.into_tensor(), Err(Entry::Empty));
    assert_eq!(Value::Float(f64::NAN), Value::Float(f64::NAN));
    assert_ne!(Value::Float(0.0), Value::Float(-0.0));
    assert_eq!(Value::from(1_u64), Value::from(1_i64));
    assert_eq!(Value::from(u64::MAX), Value::UInt(u64::MAX));
}

#[test]
fn values_are_shown_as_python_does() {
    let shown = |value: Value| Entry::from(value).to_string();
    assert_eq!(shown(Value::None), "None");
    assert_eq!(shown(true.into()), "True");
    assert_eq!(shown((-3_i64).into()), "-3");
    assert_eq!([1.0, 1e300, f64::NAN, -0.0].map(|x| shown(x.into())), ["1.0", "1e300", "nan", "-0.0"]);
    assert_eq!(shown(Value::Complex(Complex { re: 1.0, im: -2.5 })), "(1-2.5j)");
    assert_eq!(shown(Value::Complex(Complex { re: 0.0, im: f64::NAN })), "(0+nanj)");
    assert_eq!(shown("a\"b\n".into()), r#""a\"b\u{a}""#);
    assert_eq!(shown("x".repeat(25).as_str().into()), format!("\"{}\"… (25 characters)", "x".repeat(24)));
    assert_eq!(shown(Value::Bytes(b"\0a".to_vec())), r#"b"\x00a""#);
    assert_eq!(shown(Value::Bytes(vec![b'a'; 25])), format!("b\"{}\"… (25 bytes)", "a".repeat(24)));
    assert_eq!(Entry::Empty.to_string(), "{}");
}

#[test]
fn subtrees_are_taken_out() {
    let variables = tree(&["state/params/a/k", "state/params/b", "state/step"]);
    assert_eq!(variables.clone().select("state/params").unwrap(), tree(&["params/a/k", "params/b"]));
    assert_eq!(variables.clone().subtree("state/params").unwrap(), tree(&["a/k", "b"]));
    assert_eq!(variables.clone().select("state/step").unwrap(), tree(&["step"]));
    assert_eq!(variables.clone().select("").unwrap(), variables);
    let leaf = variables.clone().subtree("state/step").unwrap();
    assert_eq!(leaf.get(""), Some(&Tensor::from_array(array![1.0_f32])));
    assert_eq!(leaf.nest("state/step"), tree(&["state/step"]));
    assert_eq!(
        path_error(variables.clone().select("state/parms")),
        "state/parms: expected a subtree or an entry, found nothing; the root holds state; did you mean `state/params`?"
    );
    assert_eq!(
        path_error(variables.clone().subtree("params")),
        "params: expected a subtree or an entry, found nothing; the root holds state; did you mean `state/params`?"
    );
    let twelve: Vec<String> = (10..22).map(|number| format!("layers_{number}")).collect();
    let message = path_error(tree(&twelve.iter().map(String::as_str).collect::<Vec<_>>()).select("x"));
    assert!(message.ends_with("layers_16, layers_17, …"), "{message}");
    assert!(path_error(Variables::new().select("x")).ends_with("no entries at all"));
    assert_eq!(Variables::new().select("").unwrap(), Variables::new());
    assert_eq!(tree(&["a/k"]).nest("params"), tree(&["params/a/k"]));
    assert_eq!(paths(&Variables::new().nest("params")), ["params"]);
}

#[test]
fn trees_are_merged_or_left_alone() {
    let mut variables = tree(&["params/a", "x/y"]);
    variables.insert("empty", Entry::Empty).unwrap();
    let mut other = tree(&["params/b", "empty/k"]);
    other.insert("x", Entry::Empty).unwrap();
    variables.merge(other).unwrap();
    assert_eq!(variables, tree(&["empty/k", "params/a", "params/b", "x/y"]));

    let before = variables.clone();
    assert_eq!(
        path_error(variables.merge(tree(&["new", "params/a"]))),
        "params/a: expected no other entry there, above or below, found float32 (1,) at params/a"
    );
    for other in [tree(&["params"]), tree(&["params/a/k"])] {
        path_error(variables.merge(other));
    }
    let mut other = Variables::new();
    other.insert("params/a/k", Entry::Empty).unwrap();
    path_error(variables.merge(other));
    let mut target = Variables::new();
    target.insert("a/b", Entry::Empty).unwrap();
    path_error(target.merge(tree(&["a"])));
    assert_eq!(variables, before);
}

#[test]
fn floats_are_cast_and_nothing_else() {
    let mut variables = Variables::new();
    let complex = Tensor::from_array(array![Complex { re: 1.0_f32, im: 0.0 }]);
    variables.insert("bf16", Tensor::from_array(array![1.0_f32]).cast(DType::BF16)).unwrap();
    variables.insert("complex", complex.clone()).unwrap();
    variables.insert("scalar", Value::Scalar(Tensor::from_array(ndarray::arr0(1.0_f64)))).unwrap();
    variables.insert("int", array![1_i64]).unwrap();
    variables.insert("float", Value::Float(0.5)).unwrap();
    let variables = variables.cast(DType::F32);
    let dtypes: Vec<_> = variables.leaves().map(|(_, tensor)| tensor.dtype()).collect();
    assert_eq!(dtypes, [DType::F32, DType::Complex64, DType::I64, DType::F32]);
    assert_eq!(variables.get("complex"), Some(&complex));
    assert!(matches!(variables.entry(&Path::parse("scalar")), Some(Entry::Value(Value::Scalar(_)))));
}

#[test]
fn near_paths_are_really_near() {
    let variables = tree(&[
        "batch_stats/BatchNorm_0/mean",
        "params/Dense_0/bias",
        "params/Dense_0/kernel",
        "params/Dense_1/bias",
        "params/Dense_1/kernel",
        "params/Dense_10/kernel",
        "params/encoder/layers_0/kernel",
    ]);
    let near = |path| variables.nearest(path, 2);
    assert_eq!(near("params/Dense_2/kernel"), ["params/Dense_1/kernel", "params/Dense_0/kernel"]);
    assert_eq!(near("params/Dense_9/kernel"), ["params/Dense_10/kernel", "params/Dense_1/kernel"]);
    assert_eq!(near("params/dense_0/kernal"), ["params/Dense_0/kernel"]);
    assert_eq!(near("Dense_0/bias"), ["params/Dense_0/bias"]);
    assert_eq!(near("params/layers_0/kernel"), ["params/encoder/layers_0/kernel"]);
    assert_eq!(near("params/Dense_0/kernel/value"), ["params/Dense_0/kernel"]);
    assert_eq!(near("params/params/Dense_0/bias"), ["params/Dense_0/bias"]);
    assert_eq!(near("batch_stat"), ["batch_stats"]);
    assert_eq!(near("params/Conv_0/kernel"), [""; 0]);
    assert_eq!(near("kernel"), [""; 0]);
    assert_eq!(near(""), [""; 0]);
    assert_eq!(Variables::new().nearest("params", 3), [""; 0]);
}

#[test]
fn the_tree_is_shown_with_shapes_and_sizes() {
    let mut variables = Variables::new();
    variables.insert("params/Dense_0/bias", Tensor::zeros(DType::F32, &[32]).unwrap()).unwrap();
    variables.insert("params/Dense_0/kernel", Tensor::zeros(DType::F32, &[64, 32]).unwrap()).unwrap();
    variables.insert("params/Dense_1/kernel", Tensor::zeros(DType::BF16, &[32, 10]).unwrap()).unwrap();
    variables.insert("opt_state/0/count", Value::Scalar(Tensor::zeros(DType::I32, &[]).unwrap())).unwrap();
    variables.insert("opt_state/1", Entry::Empty).unwrap();
    variables.insert("note", Value::from("a \"text\"\n")).unwrap();
    let expected = r#"
note        "a \"text\"\u{a}"
opt_state                          1     4 B
  0                                1     4 B
    count   int32 scalar           1     4 B
  1         {}
params                         2,400  9.0 KB
  Dense_0                      2,080  8.3 KB
    bias    float32 (32,)         32   128 B
    kernel  float32 (64, 32)   2,048  8.2 KB
  Dense_1                        320   640 B
    kernel  bfloat16 (32, 10)    320   640 B
4 arrays, 2,401 elements, 9.0 KB, 2 other entries"#;
    assert_eq!(format!("\n{variables}"), expected);
    assert_eq!(format!("{variables:?}"), format!("{variables}"));
    assert_eq!(Variables::new().to_string(), "0 arrays, 0 elements, 0 B");
    let mut bare = Variables::new();
    bare.insert("", array![1_u8]).unwrap();
    assert_eq!(bare.to_string(), "(root)  uint8 (1,)  1  1 B\n1 array, 1 elements, 1 B");
}

#[test]
fn long_names_do_not_make_long_lines() {
    let mut variables = Variables::new();
    let names: Vec<String> = (0..60).map(|depth| format!("{depth}_{}", "long".repeat(40))).collect();
    variables.insert(names, Value::Str("x".repeat(10_000))).unwrap();
    variables.insert("b", Value::Bytes(vec![255; 1000])).unwrap();
    variables.insert("t", Tensor::zeros(DType::F8E4M3B11FNUZ, &[1; 100]).unwrap()).unwrap();
    let text = variables.to_string();
    assert_eq!(text.lines().count(), 63);
    assert!(text.lines().all(|line| line.chars().count() <= 140), "{text}");
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c/\\\\\u{202e}\n]{0,3}", any::<String>()]
}

proptest! {
    #[test]
    fn written_paths_are_read_back(names in prop::collection::vec(name(), 0..5)) {
        let path = Path::from_names(&names);
        prop_assert_eq!(Path::parse(&path.to_string()), path.clone());
        prop_assert!(!path.to_string().chars().any(char::is_control));
        prop_assert_eq!(path.names().collect::<Vec<_>>(), names);
    }

    #[test]
    fn every_text_is_a_path_that_reads_itself(text in any::<String>()) {
        let path = Path::parse(&text);
        prop_assert_eq!(Path::parse(&path.to_string()), path);
    }

    #[test]
    fn no_order_of_inserts_leaves_an_entry_above_another(
        inserts in prop::collection::vec((prop::collection::vec("[ab]", 0..4), 0..3_u8), 0..12),
    ) {
        let mut variables = Variables::new();
        for (names, kind) in inserts {
            let before = variables.clone();
            let entry = match kind {
                0 => Entry::Empty,
                1 => Value::None.into(),
                _ => array![1.0_f32].into(),
            };
            if variables.insert(names, entry).is_err() {
                prop_assert_eq!(&variables, &before);
            }
        }
        let paths: Vec<&Path> = variables.entries().map(|(path, _)| path).collect();
        for pair in paths.windows(2) {
            prop_assert!(!pair[1].starts_with(pair[0]));
        }
        prop_assert_eq!(variables.clone().nest("x").subtree("x").unwrap_or_default(), variables);
    }
}
