//! Paths that are spelled nearly like one that is not there.

use std::collections::HashMap;

use super::{Path, Variables};

/// Names of a path that may differ, and names that may be too many or too few.
const MOST_DIFFERENT: usize = 2;

/// How far a path is from the one asked for; less is nearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Distance {
    letters: usize,
    /// Of the numbers that names end with.
    numbers: u64,
}

/// How far each pair of names is; the same few come again and again in a tree.
type Known<'a> = HashMap<(&'a str, &'a str), Option<Distance>>;

pub(super) fn nearest(variables: &Variables, asked: &Path, count: usize) -> Vec<String> {
    let asked: Vec<&str> = asked.names().collect();
    let mut known = Known::new();
    let mut near = Vec::new();
    let mut previous: Vec<&str> = Vec::new();
    for (path, _) in variables.entries() {
        let names: Vec<&str> = path.names().collect();
        let shared = names.iter().zip(&previous).take_while(|(a, b)| a == b).count();
        for length in shared + 1..=names.len() {
            let candidate = names.get(..length).unwrap_or_default();
            if let Some(distance) = distance(&asked, candidate, &mut known) {
                near.push((distance, candidate.to_vec()));
            }
        }
        previous = names;
    }
    near.sort_unstable();
    near.dedup();
    let nearest = near.first().map(|(distance, _)| distance.letters);
    near.into_iter()
        .take_while(|(distance, _)| Some(distance.letters) == nearest)
        .take(count)
        .map(|(_, names)| Path::from_names(names).to_string())
        .collect()
}

fn distance<'a>(asked: &[&'a str], candidate: &[&'a str], known: &mut Known<'a>) -> Option<Distance> {
    let none = Distance { letters: 0, numbers: 0 };
    if asked.len() != candidate.len() {
        return one_run_apart(asked, candidate).map(|names| Distance { letters: 2 * names, ..none });
    }
    let mut different = 0;
    let mut sum = none;
    for (asked, candidate) in asked.iter().zip(candidate).filter(|(a, b)| a != b) {
        let distance = *known.entry((asked, candidate)).or_insert_with(|| name_distance(asked, candidate));
        let distance = distance?;
        different += 1;
        if different > MOST_DIFFERENT {
            return None;
        }
        sum.letters += distance.letters;
        sum.numbers = sum.numbers.saturating_add(distance.numbers);
    }
    (different < asked.len() || different == 1).then_some(sum)
}

/// How many names have to be put into the shorter path, at one place, for the longer one; `None` where that is not all.
fn one_run_apart(asked: &[&str], candidate: &[&str]) -> Option<usize> {
    let (short, long) = if asked.len() < candidate.len() { (asked, candidate) } else { (candidate, asked) };
    let missing = long.len() - short.len();
    let front = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let back = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    (missing <= MOST_DIFFERENT && missing <= short.len() && front + back >= short.len()).then_some(missing)
}

fn name_distance(asked: &str, candidate: &str) -> Option<Distance> {
    let (asked, candidate) = (asked.to_lowercase(), candidate.to_lowercase());
    if asked == candidate {
        return Some(Distance { letters: 0, numbers: 0 });
    }
    if let (Some((stem, number)), Some((other, other_number))) = (numbered(&asked), numbered(&candidate))
        && stem == other
    {
        return Some(Distance { letters: 1, numbers: number.abs_diff(other_number) });
    }
    let longer = asked.chars().count().max(candidate.chars().count());
    let letters = strsim::osa_distance(&asked, &candidate);
    (letters <= longer / 3).then_some(Distance { letters, numbers: 0 })
}

/// A name and the number that it ends with, as in `Dense_12`.
fn numbered(name: &str) -> Option<(&str, u64)> {
    let stem = name.trim_end_matches(|character: char| character.is_ascii_digit());
    let number = name.get(stem.len()..)?.parse().ok()?;
    Some((stem, number))
}
