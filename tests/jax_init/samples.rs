//! Keys, and the samplers of `jax.random`.

use mlpport::ndarray::{Array2, s};
use mlpport::random::{Float, Integer, Key, Unsigned};
use mlpport::tensor::{BF16, Element, F16, Tensor};

use super::{compare, key, words};

const SHAPE: [usize; 2] = [7, 43];

/// Calls a function for the type of a name.
macro_rules! for_type {
    ($name:expr, $function:ident($argument:expr), $($type:ident = $literal:literal),*) => {
        match $name {
            $($literal => $function::<$type>($argument),)*
            other => panic!("no comparison for {other}"),
        }
    };
}

macro_rules! for_float {
    ($name:expr, $function:ident($argument:expr)) => {
        for_type!($name, $function($argument), f32 = "float32", BF16 = "bfloat16", F16 = "float16")
    };
}

/// A float of a text, as JAX makes it of a Python float that is passed to a jitted function.
trait FromText: Float {
    fn from_text(text: &str) -> Self;
}

macro_rules! from_text {
    ($($type:ty, $from:expr;)*) => {
        $(
            impl FromText for $type {
                fn from_text(text: &str) -> Self {
                    $from(text.parse().unwrap())
                }
            }
        )*
    };
}

from_text! {
    f32, |value: f32| value;
    BF16, Self::from_f32;
    F16, Self::from_f32;
}

fn tensor<T: Element>(array: mlpport::Result<mlpport::ndarray::ArrayD<T>>) -> Tensor {
    Tensor::from(array.unwrap())
}

#[test]
fn keys() {
    compare("key", |names, _| words(key(names[0])));
    compare("fold_in", |names, _| words(key(names[0]).fold_in(names[1].parse().unwrap())));
}

#[test]
fn splits() {
    compare("split", |names, _| {
        let keys: Vec<u32> = key(names[0]).keys().take(names[1].parse().unwrap()).flat_map(Key::words).collect();
        Tensor::from(Array2::from_shape_vec((keys.len() / 2, 2), keys).unwrap())
    });
    let [first, second] = key("42").split();
    assert_eq!(vec![first, second], key("42").keys().take(2).collect::<Vec<_>>());
}

#[test]
fn bits() {
    fn found<T: Unsigned>(seed: &str) -> Tensor {
        tensor(key(seed).bits::<T>(&SHAPE))
    }
    compare("bits", |names, _| for_type!(names[0], found(names[1]), u8 = "uint8", u16 = "uint16", u32 = "uint32"));
}

#[test]
fn uniform() {
    fn found<T: FromText>(names: &[&str]) -> Tensor {
        tensor(key(names[1]).uniform(&SHAPE, T::from_text(names[2]), T::from_text(names[3])))
    }
    compare("uniform", |names, _| for_float!(names[0], found(names)));
}

#[test]
fn normal() {
    fn found<T: Float>(seed: &str) -> Tensor {
        tensor(key(seed).normal::<T>(&SHAPE))
    }
    compare("normal", |names, _| for_float!(names[0], found(names[1])));
}

#[test]
fn a_long_array_is_the_same_at_both_ends() {
    compare("long", |names, expected| {
        let long = key(names[0]).normal::<f32>(&[300_001]).unwrap();
        let start = if names[1] == "first" { 0 } else { long.len() - expected.shape()[0] };
        Tensor::from(long.slice(s![start..start + expected.shape()[0]]).to_owned())
    });
}

#[test]
fn truncated_normal() {
    fn found<T: FromText>(names: &[&str]) -> Tensor {
        tensor(key(names[1]).truncated_normal(T::from_text(names[2]), T::from_text(names[3]), &SHAPE))
    }
    compare("truncated_normal", |names, _| for_float!(names[0], found(names)));
}

#[test]
fn bernoulli() {
    fn found<T: FromText>(names: &[&str]) -> Tensor {
        tensor(key(names[1]).bernoulli(T::from_text(names[2]), &SHAPE))
    }
    compare("bernoulli", |names, _| for_float!(names[0], found(names)));
}

#[test]
fn randint() {
    fn found<T: Integer>(names: &[&str]) -> Tensor {
        tensor(key(names[1]).randint::<T>(&SHAPE, names[2].parse().unwrap(), names[3].parse().unwrap()))
    }
    compare("randint", |names, _| {
        for_type!(
            names[0],
            found(names),
            i8 = "int8",
            i16 = "int16",
            i32 = "int32",
            u8 = "uint8",
            u16 = "uint16",
            u32 = "uint32"
        )
    });
}
