//! Layers made by hand: the constructors look at the shapes.

use mlpport::prelude::*;
use ndarray::{ArrayD, IxDyn};

use super::{bias, kernel};

/// Both sides' constructors say the same.
macro_rules! both {
    ($($layer:ident),* => $test:ident) => {
        $($test!($layer);)*
    };
}

/// The text of the error.
fn text<T>(made: mlpport::Result<T>) -> String {
    made.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn a_kernel_of_another_shape_is_refused() {
    macro_rules! refused {
        ($layer:ident) => {
            assert_eq!(
                text($layer::<4, 8>::new(kernel(8, 4, 0.0), bias(8, 0.0))),
                "kernel: expected shape (4, 8), found (8, 4)"
            );
            assert_eq!(
                text($layer::<4, 8, NoBias>::without_bias(kernel(4, 7, 0.0))),
                "kernel: expected shape (4, 8), found (4, 7)"
            );
            assert_eq!(
                text($layer::<4, DYN>::new(kernel(5, 8, 0.0), bias(8, 0.0))),
                "kernel: expected shape (4, 8), found (5, 8)"
            );
        };
    }
    both!(Dense, Linear => refused);
}

#[test]
fn a_bias_of_another_length_is_refused() {
    macro_rules! refused {
        ($layer:ident) => {
            assert_eq!(
                text($layer::<4, 8>::new(kernel(4, 8, 0.0), bias(4, 0.0))),
                "bias: expected shape (8,), found (4,)"
            );
            assert_eq!(
                text($layer::<DYN, DYN>::new(kernel(4, 8, 0.0), bias(1, 0.0))),
                "bias: expected shape (8,), found (1,)"
            );
        };
    }
    both!(Dense, Linear => refused);
}

#[test]
fn arrays_that_fit_are_kept_as_they_are() -> mlpport::Result<()> {
    macro_rules! kept {
        ($layer:ident) => {
            let (kernel, bias) = (kernel(4, 8, 1.0), bias(8, 2.0));
            let addresses = (kernel.as_ptr(), bias.as_ptr());
            let layer = $layer::<4, 8>::new(kernel, bias)?;
            assert_eq!((layer.kernel().as_ptr(), layer.bias().unwrap().as_ptr()), addresses);
            assert!($layer::<DYN, 8>::new(layer.kernel().to_owned(), layer.bias().unwrap().to_owned()).is_ok());
            assert!($layer::<4, 8, NoBias>::without_bias(layer.kernel().to_owned())?.bias().is_none());
        };
    }
    both!(Dense, Linear => kept);
    Ok(())
}

#[test]
fn a_layer_may_have_no_inputs_or_no_outputs() -> mlpport::Result<()> {
    let no_inputs = Linear::<0, 2>::new(kernel(0, 2, 0.0), bias(2, 3.0))?;
    assert_eq!(no_inputs.forward(kernel(5, 0, 0.0).view()), kernel(5, 2, 3.0));
    let no_outputs = Linear::<2, 0>::new(kernel(2, 0, 0.0), bias(0, 0.0))?;
    assert_eq!(no_outputs.forward(kernel(5, 2, 1.0).view()).dim(), (5, 0));
    Ok(())
}

#[test]
fn a_parameter_of_another_shape_is_refused() {
    let zeros = |shape: &[usize]| ArrayD::<f32>::zeros(IxDyn(shape));
    assert_eq!(text(Param::<3>::new(zeros(&[4]))), "parameter: expected shape (3,), found (4,)");
    assert_eq!(text(Param::<3>::new(zeros(&[3, 1]))), "parameter: expected shape (3,), found (3, 1)");
    assert_eq!(text(Param::<3, DYN>::new(zeros(&[2, 5]))), "parameter: expected shape (3, ?), found (2, 5)");
    assert_eq!(text(<Param>::new(zeros(&[1]))), "parameter: expected shape (), found (1,)");
    assert!(Param::<3, DYN, 2, 1>::new(zeros(&[3, 0, 2, 1])).is_ok());
    assert!(<Param>::new(zeros(&[])).is_ok());
}
