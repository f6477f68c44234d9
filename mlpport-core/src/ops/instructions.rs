//! The instruction sets for which kernels are compiled.
#![allow(unsafe_code)]

/// One that kernels are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instructions {
    /// Those of the target that the crate is compiled for.
    Baseline,
    /// AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 F, BW, DQ and VL, and all before.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Instructions {
    const ALL: &[Self] = &[
        Self::Baseline,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        #[cfg(target_arch = "x86_64")]
        Self::Avx512,
    ];

    /// Those that the processor has, the fastest last.
    pub(super) fn available() -> impl DoubleEndedIterator<Item = Self> {
        Self::ALL.iter().copied().filter(|instructions| instructions.are_available())
    }

    /// The fastest that the processor has.
    pub(super) fn fastest() -> Self {
        Self::available().next_back().unwrap_or(Self::Baseline)
    }

    /// The names of those that this processor lacks.
    #[cfg(test)]
    pub(super) fn lacking() -> Vec<String> {
        let lacking = Self::ALL.iter().filter(|instructions| !instructions.are_available());
        lacking.map(|instructions| format!("{instructions:?}")).collect()
    }

    fn are_available(self) -> bool {
        match self {
            Self::Baseline => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                Self::Avx2.are_available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
        }
    }
}

/// Whether the processor is one of AMD.
pub(super) fn is_amd() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: every x86-64 has the instruction.
        #[allow(unused_unsafe, reason = "needed by the oldest supported Rust")]
        let vendor = unsafe { std::arch::x86_64::__cpuid(0) };
        [vendor.ebx, vendor.edx, vendor.ecx].map(u32::to_le_bytes).as_flattened() == b"AuthenticAMD"
    }
    #[cfg(not(target_arch = "x86_64"))]
    false
}
