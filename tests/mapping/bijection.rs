//! Whatever the two sides and the mapping are: every leaf finds its place, or nothing is changed.

use mlpport::{Error, Mapping, Variables, port};
use proptest::prelude::*;

use crate::samples::counted;

/// The leaves that a side may have: a Linen one in either collection, an NNX one without.
const LEAVES: [(&str, &str); 6] =
    [("A/x", "a/x"), ("A/y", "a/y"), ("B/x", "b/x"), ("B/C/x", "b/C/x"), ("B/C/y", "b/C/y"), ("D", "d")];

/// Pairs beside those that map everything.
const MORE: [(&str, &str); 8] = [
    ("A", "b"),
    ("A/x", "a/x"),
    ("params/A", "a"),
    ("batch_stats/B", "b"),
    ("B/C", "b/C"),
    ("D", "b"),
    ("E", "a"),
    ("A/y", "b/C/y"),
];

#[derive(Debug)]
struct Case {
    linen: Variables,
    nnx: Variables,
    mapping: Mapping,
}

/// A port in which all leaves match, but for a few changes, most often none.
fn case() -> impl Strategy<Value = Case> {
    let seldom = |odds: f64| prop::array::uniform6(prop::bool::weighted(odds));
    let more = prop::collection::vec(prop::sample::select(&MORE[..]), 0..3);
    let dropped = prop::option::weighted(0.2, 0_usize..3);
    (seldom(0.8), seldom(0.1), seldom(0.05), seldom(0.05), prop::option::weighted(0.3, more), dropped).prop_map(
        |(params, statistics, flipped, longer, more, dropped)| {
            let (mut linen, mut nnx) = (Vec::new(), Vec::new());
            for (i, (from, to)) in LEAVES.into_iter().enumerate() {
                linen.extend(params[i].then(|| (format!("params/{from}"), [2])));
                linen.extend(statistics[i].then(|| (format!("batch_stats/{from}"), [2])));
                let is_there = (params[i] || statistics[i]) != flipped[i];
                nnx.extend(is_there.then(|| (to.to_owned(), [2 + usize::from(longer[i])])));
            }
            let mut pairs = vec![("A", "a"), ("B", "b"), ("D", "d")];
            pairs.retain(|(from, _)| linen.iter().any(|(path, _)| path.split('/').any(|name| name == *from)));
            if let Some(index) = dropped.filter(|index| *index < pairs.len()) {
                pairs.remove(index);
            }
            pairs.extend(more.unwrap_or_default());
            Case { linen: tree(1.0, &linen), nnx: tree(1000.0, &nnx), mapping: Mapping::from_pairs(pairs) }
        },
    )
}

fn tree(first: f32, leaves: &[(String, [usize; 1])]) -> Variables {
    counted(first, &leaves.iter().map(|(path, shape)| (path.as_str(), &shape[..])).collect::<Vec<_>>())
}

/// The bytes of all leaves; no two leaves of a [`Case`] have the same.
fn contents(variables: &Variables) -> Vec<Vec<u8>> {
    let mut contents: Vec<_> = variables.leaves().map(|(_, tensor)| tensor.le_bytes().into_owned()).collect();
    contents.sort();
    contents
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_port_moves_every_leaf_to_a_place_of_its_own_or_none(case in case()) {
        let mut nnx = case.nnx.clone();
        match port(&case.linen, &mut nnx, &case.mapping) {
            Ok(()) => prop_assert_eq!(contents(&nnx), contents(&case.linen)),
            Err(Error::Port(report)) => {
                prop_assert!(!report.problems.is_empty());
                prop_assert!(nnx == case.nnx, "a port that fails has changed something");
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
