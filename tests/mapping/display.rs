//! A mapping as a table to read.

use mlpport::{Mapping, Path};

#[test]
fn the_table_has_pairs_then_what_stays() {
    let mut mapping = Mapping::from_pairs([("Dense_0", "fc1"), ("Block_0/Dense_12", "blocks/0/fc2")]);
    mapping.ignore("Dense_1").ignore("batch_stats").keep("rngs");
    assert_eq!(
        mapping.to_string(),
        "\
Linen             ->  NNX
Dense_0           ->  fc1
Block_0/Dense_12  ->  blocks/0/fc2
Dense_1           ->  (left behind)
batch_stats       ->  (left behind)
(kept)            ->  rngs"
    );
}

#[test]
fn the_table_of_no_pairs_is_its_head() {
    assert_eq!(Mapping::new().to_string(), "Linen  ->  NNX");
}

#[test]
fn columns_are_counted_in_characters() {
    let mapping = Mapping::from_pairs([("größe_0", "größe"), ("x", "y")]);
    assert_eq!(mapping.to_string(), "Linen    ->  NNX\ngröße_0  ->  größe\nx        ->  y");
}

#[test]
fn every_pair_is_one_line_whatever_its_names_hold() {
    let mut mapping = Mapping::new();
    mapping.pair(Path::from_names(["a\nb", "c/d"]), Path::from_names(["", "\u{1b}[31m"]));
    assert_eq!(mapping.to_string(), "Linen         ->  NNX\na\\u{a}b/c\\/d  ->  \\e/\\u{1b}[31m");
}

#[test]
fn a_mapping_tells_what_is_in_it() {
    let mut mapping = Mapping::from_pairs([("Dense_0", "fc1")]);
    mapping.pair("Dense_1", "fc2").ignore("Dense_2").keep("rngs");
    let pairs = [("Dense_0", "fc1"), ("Dense_1", "fc2")].map(|(linen, nnx)| (Path::parse(linen), Path::parse(nnx)));
    assert_eq!(mapping.pairs(), pairs);
    assert_eq!(mapping.ignored(), [Path::parse("Dense_2")]);
    assert_eq!(mapping.kept(), [Path::parse("rngs")]);
}
