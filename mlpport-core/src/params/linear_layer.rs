//! What `linen::Dense` and `nnx::Linear` have in common: all but the name.

/// Accessors, [`State`](super::State) and [`Forward`](crate::ops::Forward) of a struct with one field `params:
/// LinearParams<IN, OUT, B>`.
macro_rules! linear_layer {
    ($layer:ident, $class:literal) => {
        impl<const IN: usize, const OUT: usize, B: $crate::params::UseBias> $layer<IN, OUT, B> {
            /// The kernel, `(inputs, outputs)`.
            pub fn kernel(&self) -> ::ndarray::ArrayView2<'_, f32> {
                self.params.kernel()
            }

            /// The bias, `(outputs,)`, if the layer has one.
            pub fn bias(&self) -> Option<::ndarray::ArrayView1<'_, f32>> {
                self.params.bias()
            }

            /// The arrays themselves.
            pub fn into_params(self) -> $crate::params::LinearParams<IN, OUT, B> {
                self.params
            }
        }

        impl<const IN: usize, const OUT: usize, B> From<$crate::params::LinearParams<IN, OUT, B>>
            for $layer<IN, OUT, B>
        {
            fn from(params: $crate::params::LinearParams<IN, OUT, B>) -> Self {
                Self { params }
            }
        }

        impl<const IN: usize, const OUT: usize, B: $crate::params::UseBias> $crate::params::State
            for $layer<IN, OUT, B>
        {
            const CLASS: &'static str = $class;

            fn read(reader: &mut $crate::params::Reader<'_>) -> Self {
                $crate::params::LinearParams::read(reader).into()
            }

            fn write(&self, writer: &mut $crate::params::Writer<'_>) {
                self.params.write(writer);
            }

            fn draw(init: &mut $crate::params::Init<'_>) -> $crate::Result<Self> {
                Ok($crate::params::LinearParams::draw(init).into())
            }
        }

        impl<const IN: usize, const OUT: usize, B: $crate::params::UseBias> $crate::ops::Forward
            for $layer<IN, OUT, B>
        {
            const INPUTS: Option<usize> = $crate::tensor::fixed_size(IN);
            const OUTPUTS: Option<usize> = $crate::tensor::fixed_size(OUT);

            fn try_forward<D: ::ndarray::Dimension>(
                &self,
                x: ::ndarray::ArrayView<'_, f32, D>,
            ) -> $crate::Result<::ndarray::Array<f32, D>> {
                $crate::ops::linear(x, self.params.kernel(), self.params.bias())
            }

            fn steps<'x, D: ::ndarray::Dimension>(&'x self, run: &mut $crate::ops::Run<'x, D>) {
                run.linear(self.params.kernel(), self.params.bias());
            }
        }
    };
}

pub(crate) use linear_layer;
