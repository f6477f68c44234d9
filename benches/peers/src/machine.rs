//! The limits of the machine, measured: arithmetic by one core, and reading by one and by all.

use std::fs;
use std::hint::black_box;
use std::num::NonZero;
use std::thread;
use std::time::{Duration, Instant};

/// The cores that this process may use.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// The name of the processor, as the operating system tells it.
pub fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let name = name.map_or(std::env::consts::ARCH, |(_, name)| name.trim());
    format!("{name}, {} cores, {}", cores(), instructions())
}

fn instructions() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            return "AVX-512";
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            return "AVX2 and fma";
        }
    }
    "portable"
}

/// The most `amount` a second of several runs, for what `work` returns.
fn best(mut work: impl FnMut() -> f64) -> f64 {
    let start = Instant::now();
    let mut best = 0_f64;
    while start.elapsed() < Duration::from_millis(300) {
        let start = Instant::now();
        let amount = work();
        best = best.max(amount / start.elapsed().as_secs_f64());
    }
    best
}

/// Floating point operations a second of one core, by multiplications and additions in one instruction.
pub fn peak() -> f64 {
    best(|| {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") {
                // SAFETY: the processor has these instructions.
                return unsafe { fused_512() };
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                // SAFETY: the processor has these instructions.
                return unsafe { fused_256() };
            }
        }
        fused::<8>()
    })
}

/// Independent sums, enough of them to hide the latency; the compiler keeps them in registers of the target's width.
#[inline(always)]
fn fused<const WIDTH: usize>() -> f64 {
    const SUMS: usize = 12;
    const STEPS: usize = 1 << 22;
    let mut sums = [[1.0_f32; WIDTH]; SUMS];
    let (a, b) = (black_box([0.999_f32; WIDTH]), black_box([0.001_f32; WIDTH]));
    for _ in 0..STEPS {
        for sums in &mut sums {
            for ((sum, a), b) in sums.iter_mut().zip(&a).zip(&b) {
                *sum = sum.mul_add(*a, *b);
            }
        }
    }
    black_box(sums);
    (2 * WIDTH * SUMS * STEPS) as f64
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn fused_512() -> f64 {
    use std::arch::x86_64::{_mm512_fmadd_ps, _mm512_set1_ps};

    const STEPS: usize = 1 << 22;
    let mut sums = [_mm512_set1_ps(black_box(1.0)); 12];
    let (a, b) = (_mm512_set1_ps(black_box(0.999)), _mm512_set1_ps(black_box(0.001)));
    for _ in 0..STEPS {
        for sum in &mut sums {
            *sum = _mm512_fmadd_ps(*sum, a, b);
        }
    }
    black_box(sums);
    (2 * 16 * 12 * STEPS) as f64
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn fused_256() -> f64 {
    fused::<8>()
}

/// Bytes a second that so many threads read together, each of a buffer of so many bytes of its own, again and again.
pub fn reading(threads: usize, bytes: usize) -> f64 {
    let buffers: Vec<Vec<u64>> = (0..threads).map(|_| vec![1; bytes / 8]).collect();
    let rounds = (1_usize << 28).div_ceil(bytes);
    best(|| {
        thread::scope(|scope| {
            for buffer in &buffers {
                scope.spawn(move || {
                    // From a whole line on: a load of parts of two takes twice as long.
                    let buffer = buffer.get(buffer.as_ptr().align_offset(64)..).unwrap_or_default();
                    for _ in 0..rounds {
                        black_box(sum(black_box(buffer)));
                    }
                });
            }
        });
        (threads * rounds * bytes) as f64
    })
}

fn sum(values: &[u64]) -> u64 {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has these instructions.
            return unsafe { sum_512(values) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has these instructions.
            return unsafe { sum_256(values) };
        }
    }
    sum_portable(values)
}

#[inline(always)]
fn sum_portable(values: &[u64]) -> u64 {
    let mut sums = [0_u64; 64];
    for values in values.chunks_exact(64) {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = sum.wrapping_add(*value);
        }
    }
    sums.iter().fold(0, |all, sum| all.wrapping_add(*sum))
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn sum_512(values: &[u64]) -> u64 {
    sum_portable(values)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn sum_256(values: &[u64]) -> u64 {
    sum_portable(values)
}
