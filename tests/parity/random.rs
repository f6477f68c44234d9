//! The keys and samples of `jax.random`, bit for bit.

use half::{bf16, f16};
use mlpport::Variables;
use mlpport::ndarray::{ArrayD, Ix1, Ix2};
use mlpport::random::{Float, Integer, Key, Unsigned};
use mlpport::tensor::Element;

const SHAPE: [usize; 2] = [7, 43];

fn golden() -> Variables {
    mlpport::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/random/random.msgpack")).unwrap()
}

/// A float whose samples stand in the file as floats or as their bits.
trait Sampled: Float {
    const NAME: &'static str;
    type Stored: Element + PartialEq + std::fmt::Debug;
    fn stored(self) -> Self::Stored;
    fn of(value: f32) -> Self;
}

macro_rules! sampled {
    ($($type:ty, $name:literal, $stored:ty, $to:expr, $of:expr;)*) => {$(
        impl Sampled for $type {
            const NAME: &'static str = $name;
            type Stored = $stored;
            fn stored(self) -> $stored {
                $to(self)
            }
            fn of(value: f32) -> Self {
                $of(value)
            }
        }
    )*};
}

sampled! {
    f32, "float32", f32, |x| x, |x| x;
    bf16, "bfloat16", u16, Self::to_bits, Self::from_f32;
    f16, "float16", u16, Self::to_bits, Self::from_f32;
}

fn floats<T: Sampled>(sampler: &str, seed: i64) -> ArrayD<T> {
    let (key, of) = (Key::from_seed(seed), T::of);
    match sampler {
        "uniform" => key.uniform(&SHAPE, of(0.0), of(1.0)),
        "uniform_-2_3" => key.uniform(&SHAPE, of(-2.0), of(3.0)),
        "normal" => key.normal(&SHAPE),
        "truncated_normal" => key.truncated_normal(of(-2.0), of(2.0), &SHAPE),
        "truncated_normal_0_5" => key.truncated_normal(of(0.0), of(5.0), &SHAPE),
        _ => panic!("no comparison for {sampler}"),
    }
    .unwrap()
}

fn same_floats<T: Sampled>(golden: &Variables, path: &str, sampler: &str, seed: i64) {
    let found = floats::<T>(sampler, seed).mapv(T::stored);
    assert_eq!(found, golden.get(path).unwrap().view::<T::Stored>().unwrap(), "{path}");
}

fn same<T: Element + PartialEq + std::fmt::Debug>(golden: &Variables, path: &str, found: mlpport::Result<ArrayD<T>>) {
    assert_eq!(found.unwrap(), golden.get(path).unwrap().view::<T>().unwrap(), "{path}");
}

fn same_bits<T: Unsigned + PartialEq + std::fmt::Debug>(golden: &Variables, path: &str, seed: i64) {
    same(golden, path, Key::from_seed(seed).bits::<T>(&SHAPE));
}

fn same_randint<T: Integer + PartialEq + std::fmt::Debug>(golden: &Variables, path: &str, sampler: &str, seed: i64) {
    let (low, high) = sampler.trim_start_matches("randint_").split_once('_').unwrap();
    same(golden, path, Key::from_seed(seed).randint::<T>(&SHAPE, low.parse().unwrap(), high.parse().unwrap()));
}

#[test]
fn samples_have_the_bits_of_jax() {
    let golden = golden();
    let mut compared = 0;
    for (path, _) in golden.leaves() {
        let names: Vec<&str> = path.names().collect();
        let ["samples", sampler, dtype, seed] = names[..] else { continue };
        let (path, seed) = (path.to_string(), seed.parse().unwrap());
        match dtype {
            "uint8" if sampler == "bits" => same_bits::<u8>(&golden, &path, seed),
            "uint16" if sampler == "bits" => same_bits::<u16>(&golden, &path, seed),
            "uint32" if sampler == "bits" => same_bits::<u32>(&golden, &path, seed),
            "bool" => same(&golden, &path, Key::from_seed(seed).bernoulli(0.25_f32, &SHAPE)),
            "int32" => same_randint::<i32>(&golden, &path, sampler, seed),
            "int16" => same_randint::<i16>(&golden, &path, sampler, seed),
            "uint8" => same_randint::<u8>(&golden, &path, sampler, seed),
            <f32 as Sampled>::NAME => same_floats::<f32>(&golden, &path, sampler, seed),
            <bf16 as Sampled>::NAME => same_floats::<bf16>(&golden, &path, sampler, seed),
            <f16 as Sampled>::NAME => same_floats::<f16>(&golden, &path, sampler, seed),
            _ => panic!("no comparison for {path}"),
        }
        compared += 1;
    }
    assert_eq!(compared, 6 * (3 + 5 * 3 + 1 + 5));
}

#[test]
fn keys_have_the_words_of_jax() {
    let golden = golden();
    let words = |path: &str| golden.view::<u32, Ix2>(path).unwrap().outer_iter().map(|key| [key[0], key[1]]).collect();
    let mut compared = 0;
    for (path, _) in golden.leaves() {
        let names: Vec<&str> = path.names().collect();
        let ["keys", seed, "key"] = names[..] else { continue };
        let key = Key::from_seed(seed.parse().unwrap());
        assert_eq!(key.words()[..], *golden.view::<u32, Ix1>(&path.to_string()).unwrap().as_slice().unwrap(), "{seed}");
        let folded: Vec<[u32; 2]> = words(&format!("keys/{seed}/fold_in"));
        assert_eq!([0, 1, 255, u32::MAX].map(|data| key.fold_in(data).words())[..], folded[..], "{seed}");
        let split: Vec<[u32; 2]> = words(&format!("keys/{seed}/split"));
        assert_eq!(key.split::<5>().map(Key::words)[..], split[..], "{seed}");
        compared += 1;
    }
    assert_eq!(compared, 10);
}

#[test]
fn a_long_array_is_the_same_at_both_ends() {
    let golden = golden();
    let long = Key::from_seed(3).normal::<f32>(&[300_001]).unwrap();
    let long = long.as_slice().unwrap();
    assert_eq!(long[..100], *golden.view::<f32, Ix1>("long/first").unwrap().as_slice().unwrap());
    assert_eq!(long[long.len() - 100..], *golden.view::<f32, Ix1>("long/last").unwrap().as_slice().unwrap());
}
