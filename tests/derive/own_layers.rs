//! Layers that a user writes, on both sides.

use mlpport::params::{Reader, State, Writer};
use mlpport::prelude::*;
use ndarray::{Array, Array1, ArrayView, Dimension};

use super::{assert_port, assert_same_forward, numbered};

/// The same layer for either side.
macro_rules! scale {
    ($layer:ident) => {
        /// `y = x * scale`
        struct $layer<const N: usize> {
            scale: Array1<f32>,
        }

        impl<const N: usize> State for $layer<N> {
            const CLASS: &'static str = "Scale";

            fn read(reader: &mut Reader<'_>) -> Self {
                Self { scale: reader.leaf("params", "scale", &[N]) }
            }

            fn write(&self, writer: &mut Writer<'_>) {
                writer.leaf("params", "scale", self.scale.view());
            }
        }

        impl<const N: usize> Forward for $layer<N> {
            const INPUTS: Option<usize> = Some(N);
            const OUTPUTS: Option<usize> = Some(N);

            fn try_forward<D: Dimension>(&self, x: ArrayView<'_, f32, D>) -> mlpport::Result<Array<f32, D>> {
                match x.shape().last() {
                    Some(&last) if last == N => {
                        let rows = x.shape().iter().product::<usize>() / N;
                        let y = x.to_shape((rows, N)).unwrap().to_owned() * &self.scale;
                        Ok(y.into_shape_with_order(x.raw_dim()).unwrap())
                    }
                    _ => Err(mlpport::Error::Input { field: String::new(), expected: N, found: x.shape().into() }),
                }
            }
        }
    };
}

scale!(LinenScale);
scale!(NnxScale);

impl<const N: usize> linen::Submodule for LinenScale<N> {}

impl<const N: usize> Mapped for NnxScale<N> {}

impl<const N: usize> PortFrom<LinenScale<N>> for NnxScale<N> {
    fn port_from(source: LinenScale<N>) -> Self {
        Self { scale: source.scale }
    }
}

#[derive(CompactModule)]
struct LinenModel {
    hidden: Dense<2, 3>,
    #[compact(class = "Scale")]
    scales: [LinenScale<3>; 2],
    out: Dense<3, 1>,
}

#[derive(NnxModule)]
#[port(source = LinenModel)]
struct NnxModel {
    #[port(from = "Dense_0")]
    hidden: Linear<2, 3>,
    #[port(from = "Scale_0..2")]
    scales: [NnxScale<3>; 2],
    #[port(from = "Dense_1")]
    out: Linear<3, 1>,
}

#[test]
fn a_layer_of_ones_own_is_ported_as_others_are() {
    assert_eq!(LinenModel::NAMES, ["Dense_0", "Scale_0", "Scale_1", "Dense_1"]);
    let nnx = assert_port::<LinenModel, NnxModel>();
    assert_same_forward(&numbered::<LinenModel>(), &nnx, 2);
}

#[test]
fn a_layer_of_ones_own_is_moved() {
    let linen = numbered::<LinenModel>();
    let address = linen.scales[1].scale.as_ptr();
    assert_eq!(NnxModel::port_from(linen).scales[1].scale.as_ptr(), address);
}

#[test]
fn an_error_of_a_layer_of_ones_own_names_its_field() {
    #[derive(NnxModule)]
    struct Model {
        any: Linear,
        scale: NnxScale<3>,
    }

    let model = Model {
        any: Linear::new(super::kernel(2, 4, 1.0), super::bias(4, 0.0)).unwrap(),
        scale: NnxScale { scale: Array1::ones(3) },
    };
    let error = model.try_forward(Array1::ones(2).view()).unwrap_err();
    assert_eq!(error.to_string(), "`scale`: expected an input whose last axis is 3, found shape (4,)");
}
