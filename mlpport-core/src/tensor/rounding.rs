//! Rounding to floats of at most 16 bits, to nearest with ties to even, once.
//!
//! A number comes as `mantissa · 2^exponent`, which holds every `f64` and every 64-bit integer exactly, so that nothing is
//! rounded on the way here. (ml_dtypes goes through `float32`.)

/// How a float of at most 16 bits is laid out: sign, exponent, mantissa, from the top.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) exponent_bits: u32,
    pub(super) mantissa_bits: u32,
    pub(super) bias: i32,
    pub(super) specials: Specials,
}

/// Which bit patterns are not finite numbers. The names end the names of the 8-bit dtypes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Specials {
    /// The highest exponent is infinity and NaN.
    Ieee,
    /// `fn`: all ones is NaN, there is no infinity.
    Fn,
    /// `fnuz`: only what would be `-0` is NaN; there is no infinity and no `-0`.
    Fnuz,
}

impl Layout {
    /// The bits of the float nearest to `value`.
    pub(super) fn round(self, value: f64) -> u16 {
        let negative = value.is_sign_negative();
        if value.is_nan() {
            return self.nan(negative);
        }
        if value.is_infinite() {
            return self.overflow(negative);
        }
        let bits = value.to_bits();
        let fraction = bits & ((1 << 52) - 1);
        match (bits >> 52) & 0x7ff {
            0 => self.round_scaled(negative, fraction, -1074),
            exponent => {
                let exponent = i32::try_from(exponent).unwrap_or(i32::MAX);
                self.round_scaled(negative, fraction | (1 << 52), exponent - 1075)
            }
        }
    }

    /// The bits of the float nearest to an integer.
    pub(super) fn round_integer(self, value: i128) -> u16 {
        let magnitude = u64::try_from(value.unsigned_abs()).unwrap_or(u64::MAX);
        self.round_scaled(value < 0, magnitude, 0)
    }

    fn round_scaled(self, negative: bool, mantissa: u64, exponent: i32) -> u16 {
        let lowest = 1 - self.bias;
        let Some(highest_bit) = mantissa.checked_ilog2() else {
            return self.signed(negative, 0);
        };
        let binade = (highest_bit.cast_signed() + exponent).max(lowest);
        let dropped = binade - self.mantissa_bits.cast_signed() - exponent;
        let kept = match u32::try_from(dropped) {
            Ok(dropped) => shift_to_nearest_even(mantissa, dropped),
            Err(_) => mantissa << dropped.unsigned_abs(),
        };
        // The leading bit of a normal number is added to the exponent, as is the carry of rounding up to the next binade.
        let bits = (i64::from(binade - lowest) << self.mantissa_bits) + kept.cast_signed();
        match u16::try_from(bits) {
            Ok(bits) if bits <= self.largest() => self.signed(negative, bits),
            _ => self.overflow(negative),
        }
    }

    /// The exact value of these bits.
    pub(super) fn value(self, bits: u16) -> f64 {
        let sign = if bits & self.sign_bit() == 0 { 1.0 } else { -1.0 };
        let magnitude = bits & (self.sign_bit() - 1);
        if self.specials == Specials::Fnuz && bits == self.sign_bit() {
            return f64::NAN;
        }
        if magnitude > self.largest() {
            let infinite = self.specials == Specials::Ieee && magnitude == self.largest() + 1;
            return sign * if infinite { f64::INFINITY } else { f64::NAN };
        }
        let fraction = f64::from(magnitude & ((1 << self.mantissa_bits) - 1));
        let scale = f64::from(1_u16 << self.mantissa_bits);
        match i32::from(magnitude >> self.mantissa_bits) {
            0 => sign * (fraction / scale) * 2.0_f64.powi(1 - self.bias),
            exponent => sign * (1.0 + fraction / scale) * 2.0_f64.powi(exponent - self.bias),
        }
    }

    fn sign_bit(self) -> u16 {
        1 << (self.exponent_bits + self.mantissa_bits)
    }

    /// The bits of the largest finite number.
    fn largest(self) -> u16 {
        match self.specials {
            Specials::Ieee => self.sign_bit() - 1 - (1 << self.mantissa_bits),
            Specials::Fn => self.sign_bit() - 2,
            Specials::Fnuz => self.sign_bit() - 1,
        }
    }

    fn overflow(self, negative: bool) -> u16 {
        match self.specials {
            Specials::Ieee => self.signed(negative, self.largest() + 1),
            Specials::Fn | Specials::Fnuz => self.nan(negative),
        }
    }

    fn nan(self, negative: bool) -> u16 {
        match self.specials {
            Specials::Ieee => self.signed(negative, self.largest() + 1 + (1 << (self.mantissa_bits - 1))),
            Specials::Fn => self.signed(negative, self.largest() + 1),
            Specials::Fnuz => self.sign_bit(),
        }
    }

    fn signed(self, negative: bool, magnitude: u16) -> u16 {
        let unsigned_zero = self.specials == Specials::Fnuz && magnitude == 0;
        if negative && !unsigned_zero { magnitude | self.sign_bit() } else { magnitude }
    }
}

/// `mantissa / 2^dropped`, rounded to nearest, ties to even.
fn shift_to_nearest_even(mantissa: u64, dropped: u32) -> u64 {
    let Some(below) = dropped.checked_sub(1) else {
        return mantissa;
    };
    let kept = mantissa.checked_shr(dropped).unwrap_or(0);
    let Some(half) = 1_u64.checked_shl(below) else {
        return kept;
    };
    let rest = mantissa & (half | (half - 1));
    if rest > half || (rest == half && kept & 1 == 1) { kept + 1 } else { kept }
}
