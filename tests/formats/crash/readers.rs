//! Readers of a file that is replaced again and again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use mlpport::{Format, SaveOptions, Variables};

use super::{Place, version, written};

const READERS: usize = 8;
const REPLACEMENTS: usize = 1000;

/// The version that was loaded, which its elements tell.
fn version_of(variables: &Variables) -> usize {
    let first = variables.get("params/Dense_0/kernel").unwrap().view::<f32>().unwrap()[[0, 0]];
    (0..REPLACEMENTS + 1).find(|number| f32::from(u16::try_from(number % 1000).unwrap()) * 1000.0 == first).unwrap()
}

#[test]
fn each_of_8_readers_sees_whole_files_alone() {
    // A directory has many files: who reads it while it is replaced may find parts of two.
    for format in written().filter(|format| *format != Format::Orbax) {
        let place = Place::new(format, true);
        let (done, read) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..READERS {
                scope.spawn(|| {
                    while done.load(Ordering::Acquire) == 0 {
                        let found = mlpport::load(place.target()).unwrap();
                        assert!(found == version(version_of(&found)), "{format}: parts of two versions");
                        read.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            for number in 0..REPLACEMENTS {
                let options = SaveOptions::new().format(format).overwrite(true);
                options.save(&version(number), place.target()).unwrap();
            }
            done.store(1, Ordering::Release);
        });
        place.assert_alone("after all replacements");
        assert!(read.into_inner() >= READERS, "{format}: the readers came too late");
    }
}
