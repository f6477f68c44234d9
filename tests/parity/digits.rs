//! The trained classifier of handwritten digits against Flax: `tests/fixtures/digits/export.py` wrote its logits.

use std::fs;
use std::path::{Path, PathBuf};

use mlpport::prelude::*;
use ndarray::{Array, Array2, ArrayView1, ArrayView2, Dimension, Ix1, Ix2};

#[derive(CompactModule)]
struct LinenMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    hidden: Dense<IN, HIDDEN>,
    relu: Relu,
    out: Dense<HIDDEN, OUT>,
}

#[derive(NnxModule)]
#[port(source = LinenMlp<IN, HIDDEN, OUT>)]
struct NnxMlp<const IN: usize, const HIDDEN: usize, const OUT: usize> {
    #[port(from = "Dense_0")]
    fc1: Linear<IN, HIDDEN>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<HIDDEN, OUT>,
}

type Linen = LinenMlp<64, 32, 10>;
type Nnx = NnxMlp<64, 32, 10>;
type LinenOfAnySize = LinenMlp<DYN, DYN, DYN>;
type NnxOfAnySize = NnxMlp<DYN, DYN, DYN>;

/// How far a logit may be away from Flax's, in units of the largest one.
const BOUND: f32 = 1e-6;

/// The share of the digits that the model must get right.
const ACCURACY: f64 = 0.96;

#[test]
fn the_linen_logits_are_those_of_flax() -> mlpport::Result<()> {
    let held_out = HeldOut::load()?;
    let linen = Linen::from_variables(trained()?)?;
    assert_close(linen.forward(held_out.images()).view(), held_out.logits("linen"));
    Ok(())
}

#[test]
fn the_logits_of_every_port_are_those_of_flax() -> mlpport::Result<()> {
    let held_out = HeldOut::load()?;
    for nnx in every_port()? {
        assert_close(nnx.forward(held_out.images()).view(), held_out.logits("nnx"));
    }
    Ok(())
}

#[test]
fn both_sides_return_the_same_bits() -> mlpport::Result<()> {
    let held_out = HeldOut::load()?;
    let linen = Linen::from_variables(trained()?)?.forward(held_out.images());
    for nnx in every_port()? {
        assert_eq!(bits(&nnx.forward(held_out.images())), bits(&linen));
    }
    Ok(())
}

#[test]
fn sizes_of_the_checkpoint_change_no_bit() -> mlpport::Result<()> {
    let held_out = HeldOut::load()?;
    let fixed = Linen::from_variables(trained()?)?.forward(held_out.images());
    let linen = LinenOfAnySize::from_variables(trained()?)?;
    assert_eq!(bits(&linen.forward(held_out.images())), bits(&fixed));
    let nnx = NnxOfAnySize::port_from(linen);
    assert_eq!(bits(&nnx.forward(held_out.images())), bits(&fixed));
    Ok(())
}

#[test]
fn a_batch_in_two_axes_changes_no_bit() -> mlpport::Result<()> {
    let held_out = HeldOut::load()?;
    let nnx = Nnx::port_from(Linen::from_variables(trained()?)?);
    let logits = nnx.forward(held_out.images());
    let images = held_out.images().into_shape_with_order((12, 30, 64)).unwrap();
    assert_eq!(nnx.forward(images).into_shape_with_order((360, 10)).unwrap(), logits);
    Ok(())
}

#[test]
fn one_image_alone_gets_the_logits_of_flax() -> mlpport::Result<()> {
    let held_out = HeldOut::load()?;
    let nnx = Nnx::port_from(Linen::from_variables(trained()?)?);
    let mut logits = Array2::zeros((0, 10));
    for image in held_out.images().outer_iter() {
        logits.push_row(nnx.forward(image).view()).unwrap();
    }
    assert_close(logits.view(), held_out.logits("nnx"));
    Ok(())
}

#[test]
fn the_digits_are_recognised_as_well_as_by_flax() -> mlpport::Result<()> {
    let held_out = HeldOut::load()?;
    let linen = Linen::from_variables(trained()?)?;
    let flax = predictions(held_out.logits("linen"));
    assert_eq!(predictions(linen.forward(held_out.images()).view()), flax);
    for nnx in every_port()? {
        assert_eq!(predictions(nnx.forward(held_out.images()).view()), flax);
    }
    let right = flax.iter().zip(held_out.labels()).filter(|(class, label)| class == label).count();
    let accuracy = right as f64 / held_out.labels().len() as f64;
    assert!(accuracy >= ACCURACY, "{right} of {}", held_out.labels().len());
    Ok(())
}

#[test]
fn the_saved_linen_model_is_the_file_of_flax() -> mlpport::Result<()> {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("linen.msgpack");
    mlpport::save(&Linen::from_variables(trained()?)?.to_variables(), &saved)?;
    assert_eq!(fs::read(saved).unwrap(), fs::read(fixture("linen.msgpack")).unwrap());
    Ok(())
}

#[test]
fn the_saved_nnx_model_is_loaded_again() -> mlpport::Result<()> {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("nnx.msgpack");
    for nnx in every_port()? {
        mlpport::SaveOptions::new().overwrite(true).save(&nnx.to_variables(), &saved)?;
        let loaded = mlpport::load(&saved)?;
        assert_eq!(loaded, nnx.to_variables());
        assert_eq!(Nnx::from_variables(loaded)?.to_variables(), nnx.to_variables());
    }
    Ok(())
}

/// The model that Flax trained, ported by value, by reference, and into a model that held other numbers.
fn every_port() -> mlpport::Result<[Nnx; 3]> {
    let linen = Linen::from_variables(trained()?)?;
    let by_reference = Nnx::port_from(&linen);
    let mut assigned = Nnx {
        fc1: Linear::new(Array2::ones((64, 32)), Array::ones(32))?,
        relu: Relu,
        fc2: Linear::new(Array2::ones((32, 10)), Array::ones(10))?,
    };
    assigned.assign_from(&linen);
    Ok([Nnx::port_from(linen), by_reference, assigned])
}

fn trained() -> mlpport::Result<Variables> {
    mlpport::load(fixture("linen.msgpack"))
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/digits").join(name)
}

/// The digits that were held out of the training.
struct HeldOut(Variables);

impl HeldOut {
    fn load() -> mlpport::Result<Self> {
        mlpport::load(fixture("heldout.msgpack")).map(Self)
    }

    fn images(&self) -> ArrayView2<'_, f32> {
        self.0.view::<f32, Ix2>("images").unwrap()
    }

    fn labels(&self) -> ArrayView1<'_, i32> {
        self.0.view::<i32, Ix1>("labels").unwrap()
    }

    /// What Flax returns for the images.
    fn logits(&self, side: &str) -> ArrayView2<'_, f32> {
        self.0.view::<f32, Ix2>(&format!("{side}_logits")).unwrap()
    }
}

#[track_caller]
fn assert_close(found: ArrayView2<f32>, flax: ArrayView2<f32>) {
    assert_eq!(found.dim(), flax.dim());
    let difference = largest(found.iter().zip(flax).map(|(found, flax)| found - flax));
    let relative = difference / largest(flax.iter().copied());
    assert!(relative <= BOUND, "max |Δ| {difference:e} = {relative:e} · max |y|");
}

/// The largest absolute value; a NaN is larger than all others.
fn largest(values: impl Iterator<Item = f32>) -> f32 {
    values.map(f32::abs).max_by(f32::total_cmp).unwrap()
}

fn bits<D: Dimension>(array: &Array<f32, D>) -> Array<u32, D> {
    array.map(|x| x.to_bits())
}

/// The class with the largest logit in each row.
fn predictions(logits: ArrayView2<f32>) -> Vec<i32> {
    let best = |row: ArrayView1<f32>| (0..row.len()).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap();
    logits.outer_iter().map(|row| i32::try_from(best(row)).unwrap()).collect()
}
