//! Functions of one element.

use ndarray::{Array, Dimension};

/// `f` of each element, in place.
#[inline]
pub fn map<D: Dimension>(x: Array<f32, D>, f: impl Fn(f32) -> f32) -> Array<f32, D> {
    let mut x = if x.as_slice_memory_order().is_some() { x } else { x.as_standard_layout().into_owned() };
    // One loop over one slice, so that `f` has one caller and is inlined: only then the loop is vectorised. `mapv_inplace`
    // has a second loop, for strided arrays.
    if let Some(elements) = x.as_slice_memory_order_mut() {
        for x in elements {
            *x = f(*x);
        }
    }
    x
}

/// Declares the activation that is `$function` of each element, with numbers in its type where `$function` takes any.
macro_rules! pointwise {
    (
        $(#[$doc:meta])*
        $name:ident $(<$($parameter:ident: $argument:ident = $default:literal),+>)?, $flax:literal, $function:path
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct $name $(<$(const $parameter: u32 = { $crate::ops::activation::parameter($default) }),+>)?;

        impl $(<$(const $parameter: u32),+>)? $crate::ops::activation::Activation for $name $(<$($parameter),+>)? {
            const NAME: &'static str = $flax;

            $(const PARAMETERS: &'static [(&'static str, f64)] =
                &[$((stringify!($argument), $crate::ops::activation::parameter::decimal($parameter))),+];)?

            #[inline]
            fn apply<D: ::ndarray::Dimension>(&self, x: ::ndarray::Array<f32, D>) -> ::ndarray::Array<f32, D> {
                $crate::ops::activation::map(
                    x,
                    |x| $function(x $($(, $crate::ops::activation::parameter::number($parameter))+)?),
                )
            }

            #[inline]
            fn apply_to_each(&self, elements: &mut [f32]) -> bool {
                for x in elements {
                    *x = $function(*x $($(, $crate::ops::activation::parameter::number($parameter))+)?);
                }
                true
            }
        }
    };
}

pub(super) use pointwise;
