//! Transforms that stack the parameters of their steps, with a layer that is defined here.

use mlpport::linen::Submodule;
use mlpport::params::{Reader, State, Writer};
use mlpport::prelude::*;
use ndarray::{Array2, Array3};

use super::load;

trees! {
    scan_stacks_on_axis_0("scan"): Scan<0>, ["ScanBlock_0", "Dense_0"];
    scan_stacks_on_axis_1("scan_axis1"): Scan<1>, ["ScanBlock_0", "Dense_0"];
    prefixes_stack_the_outer_transform_first("scan_remat"): ScanRemat, ["ScanCheckpointBlock_0", "Dense_0"];
    vmap_prefixes_a_layer_too("vmap"): Vmap, ["VmapDense_0"];
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct Scan<const AXIS: usize> {
    #[compact(class = "ScanBlock")]
    steps: Steps<AXIS>,
    out: Dense<2, 3>,
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct ScanRemat {
    #[compact(class = "ScanCheckpointBlock")]
    steps: Steps<0>,
    out: Dense<2, 3>,
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct Vmap {
    #[compact(class = "VmapDense")]
    dense: StackedDense<3, 2, 4, 0>,
}

/// What is scanned: a module with one layer.
#[derive(CompactModule)]
#[compact(manual_forward)]
struct Steps<const AXIS: usize> {
    #[compact(class = "Dense")]
    dense: StackedDense<3, 2, 2, AXIS>,
}

/// `LENGTH` layers `Dense<IN, OUT>`, whose parameters are stacked on `AXIS`.
struct StackedDense<const LENGTH: usize, const IN: usize, const OUT: usize, const AXIS: usize> {
    kernel: Array3<f32>,
    bias: Array2<f32>,
}

impl<const LENGTH: usize, const IN: usize, const OUT: usize, const AXIS: usize> StackedDense<LENGTH, IN, OUT, AXIS> {
    const KERNEL: [usize; 3] = if AXIS == 0 { [LENGTH, IN, OUT] } else { [IN, LENGTH, OUT] };
    const BIAS: [usize; 2] = if AXIS == 0 { [LENGTH, OUT] } else { [OUT, LENGTH] };
}

impl<const LENGTH: usize, const IN: usize, const OUT: usize, const AXIS: usize> State
    for StackedDense<LENGTH, IN, OUT, AXIS>
{
    const CLASS: &'static str = "Dense";

    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            kernel: reader.leaf("params", "kernel", &Self::KERNEL),
            bias: reader.leaf("params", "bias", &Self::BIAS),
        }
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.leaf("params", "kernel", self.kernel.view());
        writer.leaf("params", "bias", self.bias.view());
    }
}

impl<const LENGTH: usize, const IN: usize, const OUT: usize, const AXIS: usize> Submodule
    for StackedDense<LENGTH, IN, OUT, AXIS>
{
}

#[test]
fn a_layer_of_ones_own_reports_every_leaf() -> mlpport::Result<()> {
    let error = Vmap::from_variables(load("scan")?.subtree("params/Dense_0")?.nest("params/VmapDense_0")).err();
    assert_eq!(
        error.map(|error| error.to_string()).as_deref(),
        Some(
            "2 leaves do not fit `Vmap`:\n  \
             params/VmapDense_0/bias: expected shape (3, 4), found (3,)\n  \
             params/VmapDense_0/kernel: expected shape (3, 2, 4), found (2, 3)"
        )
    );
    Ok(())
}

#[test]
fn a_layer_of_ones_own_is_in_the_summary() {
    assert_eq!(
        Scan::<1>::summary().to_string(),
        "Scan\n  \
         path                 class  parameters                     count\n  \
         ScanBlock_0          Steps\n  \
         ScanBlock_0/Dense_0  Dense  bias (2, 3), kernel (2, 3, 2)     18\n  \
         Dense_0              Dense  bias (3,), kernel (2, 3)           9\n\
         27 parameters"
    );
}
