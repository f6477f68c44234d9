//! The element types of tensors, under the names that numpy and Flax give them.

use std::fmt;

/// Hands every dtype to a macro: variant, Rust type, name, description.
///
/// `for_each_dtype!(callback! args)` becomes `callback! { [args] F32: f32, "float32", "…"; … }`.
macro_rules! for_each_dtype {
    ($callback:ident! $($args:tt)*) => {
        $callback! {
            [$($args)*]
            F32: f32, "float32", "32-bit float.";
            F64: f64, "float64", "64-bit float.";
            F16: crate::tensor::F16, "float16", "16-bit IEEE float.";
            BF16: crate::tensor::BF16, "bfloat16", "The upper half of a 32-bit float.";
            F8E4M3FN: crate::tensor::F8E4M3FN, "float8_e4m3fn", "8-bit float of 3 mantissa bits, finite, up to 448.";
            F8E5M2: crate::tensor::F8E5M2, "float8_e5m2", "8-bit float of 2 mantissa bits, with infinities.";
            F8E4M3FNUZ: crate::tensor::F8E4M3FNUZ, "float8_e4m3fnuz", "8-bit float of 3 mantissa bits, without `-0`, up to 240.";
            F8E5M2FNUZ: crate::tensor::F8E5M2FNUZ, "float8_e5m2fnuz", "8-bit float of 2 mantissa bits, without `-0`.";
            F8E4M3B11FNUZ: crate::tensor::F8E4M3B11FNUZ, "float8_e4m3b11fnuz", "8-bit float of 3 mantissa bits, without `-0`, up to 30.";
            F8E4M3: crate::tensor::F8E4M3, "float8_e4m3", "8-bit float of 3 mantissa bits, with infinities.";
            F8E3M4: crate::tensor::F8E3M4, "float8_e3m4", "8-bit float of 4 mantissa bits, with infinities.";
            I8: i8, "int8", "8-bit signed integer.";
            I16: i16, "int16", "16-bit signed integer.";
            I32: i32, "int32", "32-bit signed integer.";
            I64: i64, "int64", "64-bit signed integer.";
            U8: u8, "uint8", "8-bit unsigned integer.";
            U16: u16, "uint16", "16-bit unsigned integer.";
            U32: u32, "uint32", "32-bit unsigned integer.";
            U64: u64, "uint64", "64-bit unsigned integer.";
            Bool: bool, "bool", "One byte, 0 or 1.";
            Complex64: crate::tensor::Complex<f32>, "complex64", "Two 32-bit floats: real, imaginary.";
            Complex128: crate::tensor::Complex<f64>, "complex128", "Two 64-bit floats: real, imaginary.";
        }
    };
}
pub(crate) use for_each_dtype;

macro_rules! define_dtype {
    ([] $($variant:ident: $type:ty, $name:literal, $doc:literal;)*) => {
        /// The type of a tensor's elements, as `numpy.dtype` with the types that JAX adds.
        ///
        /// ```
        /// use mlpport_core::tensor::DType;
        ///
        /// assert_eq!(DType::BF16.to_string(), "bfloat16");
        /// assert_eq!(DType::from_name("complex64"), Some(DType::Complex64));
        /// assert_eq!(DType::F64.size(), 8);
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum DType {
            $(#[doc = $doc] $variant,)*
        }

        impl DType {
            /// Every dtype.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in numpy and Flax, such as `float32`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The dtype of a numpy name; `None` for one that no tensor here can have.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// The size of one element in bytes.
            #[must_use]
            pub const fn size(self) -> usize {
                match self {
                    $(Self::$variant => size_of::<$type>(),)*
                }
            }
        }
    };
}

for_each_dtype!(define_dtype!);

impl DType {
    /// Whether the elements are real floating-point numbers, of any width: not integers, bools or complex numbers.
    #[must_use]
    pub const fn is_float(self) -> bool {
        match self {
            Self::F32 | Self::F64 | Self::F16 | Self::BF16 => true,
            Self::F8E4M3FN | Self::F8E5M2 | Self::F8E4M3FNUZ | Self::F8E5M2FNUZ => true,
            Self::F8E4M3B11FNUZ | Self::F8E4M3 | Self::F8E3M4 => true,
            Self::I8 | Self::I16 | Self::I32 | Self::I64 | Self::U8 | Self::U16 | Self::U32 | Self::U64 => false,
            Self::Bool | Self::Complex64 | Self::Complex128 => false,
        }
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
