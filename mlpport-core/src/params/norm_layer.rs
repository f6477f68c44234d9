//! What a normalisation has in common on both sides: all but its documentation.

/// Constructor, accessors, [`State`](super::State) and [`Forward`](crate::ops::Forward) of a struct with one field `params:
/// $params<FEATURES>`, whose forward is `$function` of the input, of these arrays and of `EPSILON`.
macro_rules! norm_layer {
    ($layer:ident, $params:ident, $function:ident($($array:ident),+)) => {
        impl<const FEATURES: usize, const EPSILON: u32> $layer<FEATURES, EPSILON> {
            /// A layer with these arrays, each `(FEATURES,)`.
            ///
            /// # Errors
            ///
            /// [`Error::Shape`](crate::Error::Shape) where an array is not `(FEATURES,)`, or not as long as `scale`.
            pub fn new($($array: ::ndarray::Array1<f32>),+) -> $crate::Result<Self> {
                $crate::params::$params::new($($array),+).map(Self::from)
            }

            $(
                #[doc = concat!("The leaf `", stringify!($array), "`, `(features,)`.")]
                pub fn $array(&self) -> ::ndarray::ArrayView1<'_, f32> {
                    self.params.$array()
                }
            )+

            /// The arrays themselves.
            pub fn into_params(self) -> $crate::params::$params<FEATURES> {
                self.params
            }
        }

        impl<const FEATURES: usize, const EPSILON: u32> From<$crate::params::$params<FEATURES>>
            for $layer<FEATURES, EPSILON>
        {
            fn from(params: $crate::params::$params<FEATURES>) -> Self {
                Self { params }
            }
        }

        impl<const FEATURES: usize, const EPSILON: u32> $crate::params::State for $layer<FEATURES, EPSILON> {
            const CLASS: &'static str = stringify!($layer);

            fn read(reader: &mut $crate::params::Reader<'_>) -> Self {
                $crate::params::$params::read(reader).into()
            }

            fn write(&self, writer: &mut $crate::params::Writer<'_>) {
                self.params.write(writer);
            }

            fn draw(init: &mut $crate::params::Init<'_>) -> $crate::Result<Self> {
                Ok($crate::params::$params::draw(init).into())
            }
        }

        impl<const FEATURES: usize, const EPSILON: u32> $crate::ops::Forward for $layer<FEATURES, EPSILON> {
            const INPUTS: Option<usize> = $crate::tensor::fixed_size(FEATURES);
            const OUTPUTS: Option<usize> = $crate::tensor::fixed_size(FEATURES);

            fn try_forward<D: ::ndarray::Dimension>(
                &self,
                x: ::ndarray::ArrayView<'_, f32, D>,
            ) -> $crate::Result<::ndarray::Array<f32, D>> {
                $crate::ops::$function(x, $(self.params.$array()),+, f32::from_bits(EPSILON))
            }
        }
    };
}

pub(crate) use norm_layer;
