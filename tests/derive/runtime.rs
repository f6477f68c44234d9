//! Sizes that are known only when the port runs.

use mlpport::prelude::*;

use super::{assert_is_mapped, assert_port, assert_same_forward, bias, kernel, numbered, variables};

#[derive(CompactModule)]
struct LinenAny {
    hidden: Dense,
    relu: Relu,
    middle: Dense<3, 3>,
    out: Dense<3, DYN>,
}

#[derive(NnxModule)]
#[port(source = LinenAny)]
struct NnxFixed {
    #[port(from = "Dense_0", runtime)]
    fc1: Linear<2, 3>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<3, 3>,
    #[port(from = "Dense_2", runtime)]
    fc3: Linear<3, 1>,
    #[port(skip)]
    steps: u32,
}

/// A model of these sizes.
fn linen(inputs: usize, hidden: usize, outputs: usize) -> mlpport::Result<LinenAny> {
    LinenAny::from_variables(variables(&[
        ("params/Dense_0/kernel", &[inputs, hidden]),
        ("params/Dense_0/bias", &[hidden]),
        ("params/Dense_1/kernel", &[3, 3]),
        ("params/Dense_1/bias", &[3]),
        ("params/Dense_2/kernel", &[3, outputs]),
        ("params/Dense_2/bias", &[outputs]),
    ]))
}

#[test]
fn sizes_that_fit_are_ported() -> mlpport::Result<()> {
    let linen = linen(2, 3, 1)?;
    let copied = NnxFixed::try_port_from(&linen)?;
    assert_is_mapped(&linen.to_variables(), &copied);
    assert_same_forward(&linen, &copied, 2);

    let [before, after] = {
        let before = linen.hidden.kernel().as_ptr();
        [before, NnxFixed::try_port_from(linen)?.fc1.kernel().as_ptr()]
    };
    assert_eq!(before, after);
    Ok(())
}

#[test]
fn the_error_has_every_field_that_does_not_fit() -> mlpport::Result<()> {
    let error = NnxFixed::try_port_from(&linen(2, 4, 5)?).err().unwrap();
    assert_eq!(
        error.to_string(),
        "the port does not fit (4 problems):\n  \
         `fc1`, from `Dense_0`: `kernel` has shape (2, 3) in NNX and (2, 4) in Linen\n  \
         `fc1`, from `Dense_0`: `bias` has shape (3,) in NNX and (4,) in Linen\n  \
         `fc3`, from `Dense_2`: `kernel` has shape (3, 1) in NNX and (3, 5) in Linen\n  \
         `fc3`, from `Dense_2`: `bias` has shape (1,) in NNX and (5,) in Linen"
    );
    Ok(())
}

#[test]
fn a_failed_assignment_changes_nothing() -> mlpport::Result<()> {
    let mut nnx = NnxFixed::try_port_from(linen(2, 3, 1)?)?;
    nnx.steps = 7;
    let before = nnx.to_variables();
    let address = nnx.fc1.kernel().as_ptr();

    assert!(nnx.try_assign_from(linen(2, 3, 5)?).is_err());
    assert!(nnx.try_assign_from(&linen(2, 3, 5)?).is_err());
    assert_eq!(nnx.to_variables(), before);
    assert_eq!(nnx.fc1.kernel().as_ptr(), address);
    assert_eq!(nnx.steps, 7);
    Ok(())
}

#[test]
fn an_assignment_that_fits_keeps_skipped_fields() -> mlpport::Result<()> {
    let mut nnx = NnxFixed::try_port_from(linen(2, 3, 1)?)?;
    nnx.steps = 7;
    nnx.fc1 = Linear::new(kernel(2, 3, 0.0), bias(3, 0.0))?;
    let source = linen(2, 3, 1)?;
    nnx.try_assign_from(&source)?;
    assert_eq!(nnx.fc1.kernel(), source.hidden.kernel());
    assert_eq!(nnx.steps, 7);
    Ok(())
}

#[derive(NnxModule)]
#[port(source = LinenAny)]
struct NnxAny {
    #[port(from = "Dense_0")]
    fc1: Linear,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<3, 3>,
    #[port(from = "Dense_2")]
    fc3: Linear<3, DYN>,
}

#[test]
fn a_size_of_the_checkpoint_stays_one() -> mlpport::Result<()> {
    assert_port::<LinenAny, NnxAny>();
    let nnx = NnxAny::port_from(linen(7, 3, 5)?);
    assert_eq!(nnx.fc1.kernel().dim(), (7, 3));
    assert_eq!(nnx.fc3.kernel().dim(), (3, 5));
    Ok(())
}

#[derive(CompactModule)]
struct LinenList {
    layers: [Dense; 3],
}

#[derive(NnxModule)]
#[port(source = LinenList)]
struct NnxList {
    #[port(from = "Dense_0..3", runtime)]
    layers: [Linear<2, 2>; 3],
}

#[test]
fn the_error_has_the_index_of_an_element() -> mlpport::Result<()> {
    let mut linen = numbered::<LinenList>();
    assert_is_mapped(&linen.to_variables(), &NnxList::try_port_from(&linen)?);
    linen.layers[1] = Dense::new(kernel(2, 3, 0.0), bias(3, 0.0))?;
    linen.layers[2] = Dense::new(kernel(3, 2, 0.0), bias(2, 0.0))?;
    let error = NnxList::try_port_from(linen).err().unwrap();
    assert_eq!(
        error.to_string(),
        "the port does not fit (3 problems):\n  \
         `layers[1]`, from `Dense_1`: `kernel` has shape (2, 2) in NNX and (2, 3) in Linen\n  \
         `layers[1]`, from `Dense_1`: `bias` has shape (2,) in NNX and (3,) in Linen\n  \
         `layers[2]`, from `Dense_2`: `kernel` has shape (2, 2) in NNX and (3, 2) in Linen"
    );
    Ok(())
}

#[derive(CompactModule)]
#[compact(manual_forward)]
struct LinenOuter {
    first: LinenAny,
    second: LinenAny,
    log_std: Param<DYN>,
}

#[derive(NnxModule)]
#[port(source(model = LinenOuter), any_order)]
struct NnxOuter {
    #[port(from = "model.LinenAny_0", runtime)]
    first: NnxFixed,
    #[port(from = "model.LinenAny_1/Dense_0", runtime)]
    second: Linear<2, 3>,
    #[port(from = "model.LinenAny_1/Dense_1")]
    third: Linear<3, 3>,
    #[port(from = "model.LinenAny_1/Dense_2", runtime)]
    fourth: Linear<3, 1>,
    #[port(from = "model.log_std", runtime)]
    log_std: Param<3>,
}

impl LinenOuter {
    fn new(hidden: usize, outputs: usize) -> mlpport::Result<Self> {
        let log_std = Param::new(bias(outputs, 0.5).into_dyn())?;
        Ok(Self { first: linen(2, hidden, 1)?, second: linen(2, 3, outputs)?, log_std })
    }
}

#[test]
fn the_error_has_the_whole_path_on_both_sides() -> mlpport::Result<()> {
    let error = NnxOuter::try_port_from((&LinenOuter::new(4, 5)?,)).err().unwrap();
    assert_eq!(
        error.to_string(),
        "the port does not fit (5 problems):\n  \
         `first.fc1`, from `model/LinenAny_0/Dense_0`: `kernel` has shape (2, 3) in NNX and (2, 4) in Linen\n  \
         `first.fc1`, from `model/LinenAny_0/Dense_0`: `bias` has shape (3,) in NNX and (4,) in Linen\n  \
         `fourth`, from `model/LinenAny_1/Dense_2`: `kernel` has shape (3, 1) in NNX and (3, 5) in Linen\n  \
         `fourth`, from `model/LinenAny_1/Dense_2`: `bias` has shape (1,) in NNX and (5,) in Linen\n  \
         `log_std`, from `model/log_std`: `value` has shape (3,) in NNX and (5,) in Linen"
    );
    Ok(())
}
