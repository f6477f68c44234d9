//! The keys and the nodes of a tree.

use std::time::{Duration, Instant};

use super::build::{
    Child, Database, FILE, NODE, Value, at, inline, interior, leaf, raw, table, varint, with_leaf, with_root,
};
use super::fault;

/// A tree of height 1 over leaves.
fn tree(leaves: &[(&'static str, u64, Vec<u8>)]) -> Database {
    let mut database = Database::new();
    let children: Vec<_> = leaves.iter().map(|(key, common, body)| database.child(key, *common, body)).collect();
    let root = database.add(&raw(NODE, &interior(1, &[(FILE, 0)], &children)));
    database.root(1, root);
    database
}

#[test]
fn leaves_below_a_prefix_are_read() {
    let below_ab = leaf(&[], &[inline("", "0"), inline("c", "1")]);
    let database = tree(&[("ab", 2, below_ab), ("b", 0, leaf(&[], &[inline("b", "2")]))]);
    let keys: Vec<_> = database.read().unwrap().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["ab", "abc", "b"]);
}

#[test]
fn keys_are_in_order_and_once() {
    for (first, second) in [("b", "a"), ("a", "a"), ("ab", "a")] {
        let message = format!("a key after `{first}`; `{second}`");
        let database = with_leaf(&[], &[inline(first, ""), inline(second, "")]);
        assert_eq!(fault(database.read()).1, message);
        let leaves = [("", 0, leaf(&[], &[inline(first, "")])), ("z", 0, leaf(&[], &[inline("z", "")]))];
        assert!(tree(&leaves).read().is_ok());
        // In the leaf after, whose node begins with it.
        let second: &'static str = second;
        let leaves = [("", 0, leaf(&[], &[inline(first, "")])), (second, 0, leaf(&[], &[inline(second, "")]))];
        assert_eq!(fault(tree(&leaves).read()).1, message);
    }
}

#[test]
fn keys_are_below_their_node() {
    let leaves = [("b", 0, leaf(&[], &[inline("a", "")]))];
    assert_eq!(fault(tree(&leaves).read()).1, "a key not before `b`; `a`");
    let leaves = [("a", 0, leaf(&[], &[inline("a", ""), inline("c", "")])), ("b", 0, leaf(&[], &[inline("d", "")]))];
    assert_eq!(fault(tree(&leaves).read()).1, "a key after `c`; `b`");
    let leaves = [("a", 2, leaf(&[], &[inline("a", "")]))];
    assert_eq!(fault(tree(&leaves).read()).1, "a length within the key; 2");
}

#[test]
fn keys_are_texts_of_limited_length() {
    let database = with_leaf(&[], &[(vec![b'a', 0xff, 0x1b], Value::Inline(Vec::new()))]);
    assert_eq!(fault(database.read()).1, "a key in UTF-8; `a\u{fffd}\\u{1b}`");
    let database = with_leaf(&[], &[("x".repeat(65_536).into_bytes(), Value::Inline(Vec::new()))]);
    assert_eq!(fault(database.read()).1, "the length of a key of at most 65535; 65536");
    // "a", and a key that shares two bytes with it.
    let node = raw(NODE, &[0, 0, 2, 2, 1, 1, b'a', b'b', 0, 0, 0, 0]);
    assert_eq!(fault(with_root(0, &node).read()).1, "a length within the key before; 2");
    // Control and bidi characters do not reach a terminal.
    let database = with_leaf(&[], &[inline("\u{202e}b", ""), inline("\u{1b}a", "")]);
    assert_eq!(fault(database.read()).1, "a key after `\\u{202e}b`; `\\u{1b}a`");
}

#[test]
fn kinds_of_values_are_known() {
    let mut body = leaf(&[], &[inline("a", "")]);
    *body.last_mut().unwrap() = 2;
    assert_eq!(
        fault(with_root(0, &raw(NODE, &body)).read()).1,
        "values of kind 0 (in the node) and 1 (in a file); kind 2"
    );
}

#[test]
fn nodes_are_in_the_tree_once() {
    let twice = "a node that is in the tree once; one that is in it twice";
    // A node that is its own child.
    let mut database = Database::new();
    let node =
        |length| raw(NODE, &interior(2, &[(FILE, 0)], &[Child { key: "", common: 0, file: 0, offset: 0, length }]));
    let length = node(0).len() as u64;
    let root = database.add(&node(length));
    database.root(2, root);
    assert_eq!(fault(database.read()).1, twice);

    // Two nodes with the same child.
    let mut database = Database::new();
    let child = database.child("", 0, &leaf(&[], &[inline("a", "")]));
    let root = database.add(&raw(NODE, &interior(1, &[(FILE, 0)], &[child, Child { key: "b", ..child }])));
    database.root(1, root);
    assert_eq!(fault(database.read()).1, twice);

    // A node within a value of another one.
    let mut database = Database::new();
    let inner = raw(NODE, &leaf(&[], &[inline("z", "")]));
    let outer = leaf(&[], &[(b"a".to_vec(), Value::Inline(inner.clone()))]);
    let outer = database.child("", 0, &outer);
    let within = Child { key: "b", offset: outer.length - 4 - inner.len() as u64, length: inner.len() as u64, ..outer };
    let root = database.add(&raw(NODE, &interior(1, &[(FILE, 0)], &[outer, within])));
    database.root(1, root);
    assert_eq!(fault(database.read()).1, twice);
}

#[test]
fn few_bytes_do_not_become_many_keys() {
    // A million keys of 60,003 bytes, which share all but three with the one before: 60 GB from 9 MB.
    let count = 1 << 20;
    let mut body = [&[0, 0], &*varint(count)].concat();
    body.extend((1..count).flat_map(|_| varint(60_000)));
    body.extend(varint(60_003));
    body.extend((1..count).map(|_| 3));
    body.extend([b'x'; 60_000]);
    body.extend((0..count).flat_map(|i| [32 + (i >> 14) as u8, (i >> 7) as u8 & 0x7f, i as u8 & 0x7f]));
    body.extend((0..2 * count).map(|_| 0));
    let start = Instant::now();
    let (_, text) = fault(with_root(0, &raw(NODE, &body)).read());
    assert_eq!(text, "keys that take less memory than the files account for; more");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn few_bytes_do_not_become_many_paths() {
    let count = 1 << 20;
    let mut body = [&[0], &*varint(count)].concat();
    body.extend((1..count).flat_map(|_| varint(60_000)));
    body.extend(varint(60_003));
    body.extend((1..count).map(|_| 3));
    body.extend((0..count).map(|_| 0));
    body.extend([b'x'; 60_000]);
    body.extend((0..count).flat_map(|i| [32 + (i >> 14) as u8, (i >> 7) as u8 & 0x7f, i as u8 & 0x7f]));
    let (_, text) = fault(with_root(0, &raw(NODE, &body)).read());
    assert_eq!(text, "paths that take less memory than the files account for; more");
}

#[test]
fn places_are_within_their_files() {
    let mut database = Database::new();
    database.add(&[0; 30]);
    for (offset, length) in [(0, 31), (30, 1), (31, 0), (u64::MAX, 1), (1, u64::MAX)] {
        database.root(0, (offset, length));
        assert_eq!(fault(database.read()), (offset, format!("a node within 30 bytes; one of {length}")));
    }
    let data: &[(&str, u64)] = &[("values", 0)];
    for (offset, length) in [(0, 11), (10, 1), (11, 0), (u64::MAX, 1), (u64::MAX, u64::MAX), (1, u64::MAX)] {
        let database = with_leaf(data, &[at("a", 0, offset, length)]);
        database.write("values", &[1; 10]);
        let (found, text) = fault(database.read());
        assert!(text.starts_with("bytes within 10; "), "{text}");
        assert_eq!(found, offset);
    }
    let database = with_leaf(data, &[at("a", 0, 2, 3)]);
    database.write("values", &[1; 10]);
    assert_eq!(database.read().unwrap(), [("a".to_owned(), vec![1; 3])]);
    // A file that is not in the table.
    assert_eq!(fault(with_leaf(data, &[at("a", 1, 2, 3)]).read()).1, "a file below 1; 1");
    assert_eq!(table(data).len(), 9);
}
