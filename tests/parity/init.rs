//! The initialisers of `jax.nn.initializers`, bit for bit.

use mlpport::init::*;
use mlpport::random::Key;

#[test]
fn initialisers_draw_the_bits_of_jax() {
    let golden = mlpport::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/init/init.msgpack")).unwrap();
    let mut compared = 0;
    for (path, expected) in golden.leaves() {
        let initializer: Initializer = match path.first().unwrap() {
            "lecun_normal" => lecun_normal().into(),
            "lecun_uniform" => lecun_uniform().into(),
            "glorot_normal" => glorot_normal().into(),
            "glorot_uniform" => glorot_uniform().into(),
            "he_normal" => he_normal().into(),
            "he_uniform" => he_uniform().into(),
            "normal" => normal(0.01),
            "truncated_normal" => truncated_normal(0.01, -2.0, 2.0),
            "uniform" => uniform(0.01),
            other => panic!("no comparison for {other}"),
        };
        let found = initializer.init::<f32>(Key::from_seed(5), expected.shape()).unwrap();
        assert_eq!(found, expected.view::<f32>().unwrap(), "{path}");
        compared += 1;
    }
    assert_eq!(compared, 27);
}
