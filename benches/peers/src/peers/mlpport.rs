//! mlpport, through its public interface alone.

use mlpport::ndarray::{Array1, Array2};
use mlpport::nnx::{CompressedLinear, PackedLinear};
use mlpport::ops::Scratch;
use mlpport::prelude::*;

use super::local;
use crate::Result;
use crate::contest::Contestant;
use crate::mlp::Mlp;

/// A model whose sizes the compiler knows.
pub const FIXED: &str = "mlpport";

/// The same with kernels that are packed by the port.
pub const PACKED: &str = "mlpport packed";

/// The same with kernels that are compressed by the port, where they are large enough.
pub const COMPRESSED: &str = "mlpport compressed";

/// The first with sizes that are known when it runs.
pub const DYNAMIC: &str = "mlpport DYN";

#[derive(CompactModule)]
struct Linen2<const A: usize, const B: usize, const C: usize> {
    first: Dense<A, B>,
    relu: Relu,
    second: Dense<B, C>,
}

#[derive(NnxModule)]
#[port(source = Linen2<A, B, C>)]
struct Nnx2<const A: usize, const B: usize, const C: usize> {
    #[port(from = "Dense_0")]
    first: Linear<A, B>,
    relu: Relu,
    #[port(from = "Dense_1")]
    second: Linear<B, C>,
}

#[derive(NnxModule)]
#[port(source = Linen2<A, B, C>)]
struct Packed2<const A: usize, const B: usize, const C: usize> {
    #[port(from = "Dense_0")]
    first: PackedLinear<A, B>,
    relu: Relu,
    #[port(from = "Dense_1")]
    second: PackedLinear<B, C>,
}

#[derive(NnxModule)]
#[port(source = Linen2<A, B, C>)]
struct Compressed2<const A: usize, const B: usize, const C: usize> {
    #[port(from = "Dense_0")]
    first: CompressedLinear<A, B>,
    relu: Relu,
    #[port(from = "Dense_1")]
    second: CompressedLinear<B, C>,
}

#[derive(CompactModule)]
struct Linen3<const A: usize, const B: usize, const C: usize, const D: usize> {
    first: Dense<A, B>,
    relu: Relu,
    second: Dense<B, C>,
    relu_too: Relu,
    third: Dense<C, D>,
}

#[derive(NnxModule)]
#[port(source = Linen3<A, B, C, D>)]
struct Nnx3<const A: usize, const B: usize, const C: usize, const D: usize> {
    #[port(from = "Dense_0")]
    first: Linear<A, B>,
    relu: Relu,
    #[port(from = "Dense_1")]
    second: Linear<B, C>,
    relu_too: Relu,
    #[port(from = "Dense_2")]
    third: Linear<C, D>,
}

#[derive(NnxModule)]
#[port(source = Linen3<A, B, C, D>)]
struct Packed3<const A: usize, const B: usize, const C: usize, const D: usize> {
    #[port(from = "Dense_0")]
    first: PackedLinear<A, B>,
    relu: Relu,
    #[port(from = "Dense_1")]
    second: PackedLinear<B, C>,
    relu_too: Relu,
    #[port(from = "Dense_2")]
    third: PackedLinear<C, D>,
}

pub(super) fn contestants(mlp: &Mlp) -> Result<Vec<Box<dyn Contestant>>> {
    let mut all = match mlp.sizes()[..] {
        [8, 64, 64, 4] => three::<8, 64, 64, 4>(FIXED, mlp)?,
        [784, 512, 512, 10] => three::<784, 512, 512, 10>(FIXED, mlp)?,
        [4096, 4096, 4096] => two::<4096, 4096, 4096>(FIXED, mlp)?,
        ref sizes => return Err(format!("no model of the sizes {sizes:?}").into()),
    };
    let dynamic = match mlp.layers.len() {
        2 => two::<DYN, DYN, DYN>(DYNAMIC, mlp)?,
        _ => three::<DYN, DYN, DYN, DYN>(DYNAMIC, mlp)?,
    };
    all.extend(dynamic.into_iter().take(1));
    Ok(all)
}

/// As it is, packed, and compressed.
fn two<const A: usize, const B: usize, const C: usize>(
    name: &'static str,
    mlp: &Mlp,
) -> Result<Vec<Box<dyn Contestant>>> {
    let linen = || -> Result<_> { Ok(Linen2::<A, B, C> { first: dense(mlp, 0)?, relu: Relu, second: dense(mlp, 1)? }) };
    Ok(vec![
        contestant(name, Nnx2::port_from(linen()?), mlp)?,
        contestant(PACKED, Packed2::port_from(linen()?), mlp)?,
        contestant(COMPRESSED, Compressed2::port_from(linen()?), mlp)?,
    ])
}

/// As it is and packed: the kernels are too small to be compressed.
fn three<const A: usize, const B: usize, const C: usize, const D: usize>(
    name: &'static str,
    mlp: &Mlp,
) -> Result<Vec<Box<dyn Contestant>>> {
    let linen = || -> Result<_> {
        Ok(Linen3::<A, B, C, D> {
            first: dense(mlp, 0)?,
            relu: Relu,
            second: dense(mlp, 1)?,
            relu_too: Relu,
            third: dense(mlp, 2)?,
        })
    };
    Ok(vec![contestant(name, Nnx3::port_from(linen()?), mlp)?, contestant(PACKED, Packed3::port_from(linen()?), mlp)?])
}

fn dense<const IN: usize, const OUT: usize>(mlp: &Mlp, index: usize) -> Result<Dense<IN, OUT>> {
    let layer = mlp.layers.get(index).ok_or("too few layers")?;
    let kernel = Array2::from_shape_vec((layer.inputs, layer.outputs), layer.kernel.clone())?;
    Ok(Dense::new(kernel, Array1::from_vec(layer.bias.clone()))?)
}

fn contestant<M: Forward + 'static>(name: &'static str, model: M, mlp: &Mlp) -> Result<Box<dyn Contestant>> {
    let input = Array2::from_shape_vec((mlp.batch, mlp.layers[0].inputs), mlp.input.clone())?;
    let outputs = mlp.layers.last().ok_or("no layers")?.outputs;
    let (mut scratch, mut y) = (Scratch::new(), Array2::zeros((mlp.batch, outputs)));
    Ok(local(name, move |sink| {
        model.forward_into(input.view(), &mut scratch, y.view_mut())?;
        sink(y.as_slice().ok_or("the output is not in standard layout")?);
        Ok(())
    }))
}
