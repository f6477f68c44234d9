//! Saves to a disk that is full.

use super::{FAILED, Place, written};

/// Files may have this many blocks, which is less than the variables need; the signal of it is ignored, so that `write`
/// fails. (bash has blocks of 1024 bytes, other shells of 512.)
const LIMIT: &str = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";

#[test]
fn without_room_a_save_fails_and_leaves_nothing_behind() {
    for format in written() {
        for has_old in [false, true] {
            let place = Place::new(format, has_old);
            let output = place.saving(&["sh", "-c", LIMIT, "sh"]).output().unwrap();
            assert_eq!(output.status.code(), Some(FAILED), "{format}: {output:?}");
            assert!(place.is_old("without room"), "{format}: a save without room succeeded");
            place.assert_alone("without room");
        }
    }
}
