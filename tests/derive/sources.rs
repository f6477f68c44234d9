//! Several sources, ranges, nested modules, and structs without a source.

use mlpport::prelude::*;

use super::{
    LinenMlp, NnxMlp, assert_is_mapped, assert_port, assert_same_forward, bias, kernel, numbered, variables, zeros,
};

#[derive(CompactModule)]
struct Encoder {
    hidden: Dense<4, 3>,
    relu: Relu,
    out: Dense<3, 2>,
}

#[derive(CompactModule)]
struct Decoder<const N: usize> {
    hidden: Dense<2, N>,
    relu: Relu,
    out: Dense<N, 4>,
}

#[derive(NnxModule)]
#[port(source(encoder = Encoder, decoder = Decoder<N>))]
struct Autoencoder<const N: usize> {
    #[port(from = "encoder.Dense_0")]
    enc1: Linear<4, 3>,
    enc_relu: Relu,
    #[port(from = "encoder.Dense_1")]
    enc2: Linear<3, 2>,
    #[port(from = "decoder.Dense_0")]
    dec1: Linear<2, N>,
    dec_relu: Relu,
    #[port(from = "decoder.Dense_1")]
    dec2: Linear<N, 4>,
}

/// Both trees in one, as the mapping of two sources has them: under the labels.
fn under_labels(encoder: &Encoder, decoder: &Decoder<3>) -> mlpport::Result<Variables> {
    let mut both = encoder.to_variables().subtree("params")?.nest("encoder");
    both.merge(decoder.to_variables().subtree("params")?.nest("decoder"))?;
    Ok(both)
}

#[test]
fn two_sources_are_ported_by_value_and_by_reference() -> mlpport::Result<()> {
    let (encoder, decoder) = (numbered::<Encoder>(), numbered::<Decoder<3>>());
    let both = under_labels(&encoder, &decoder)?;
    let x = ndarray::array![1.0, 2.0, 3.0, 4.0];
    let y = decoder.forward(encoder.forward(x.view()).view());

    let copied = Autoencoder::port_from((&encoder, &decoder));
    assert_eq!(under_labels(&encoder, &decoder)?, both);
    assert_is_mapped(&both, &copied);
    assert_eq!(copied.forward(x.view()), y);

    let mut assigned = Autoencoder::port_from((
        Encoder::from_variables(zeros(&encoder.to_variables()))?,
        Decoder::from_variables(zeros(&decoder.to_variables()))?,
    ));
    assigned.assign_from((&encoder, &decoder));
    let moved = Autoencoder::port_from((encoder, decoder));
    assert_eq!(moved.to_variables(), copied.to_variables());
    assert_eq!(assigned.to_variables(), copied.to_variables());
    Ok(())
}

#[derive(NnxModule)]
#[port(source(model = LinenMlp<2, 3, 1>))]
struct OneLabel {
    #[port(from = "model.Dense_0")]
    fc1: Linear<2, 3>,
    relu: Relu,
    #[port(from = "model.Dense_1")]
    fc2: Linear<3, 1>,
}

#[test]
fn one_source_with_a_label_is_a_tuple_of_one() {
    let linen = numbered::<LinenMlp<2, 3, 1>>();
    assert_same_forward(&linen, &OneLabel::port_from((&linen,)), 2);
}

#[derive(CompactModule)]
struct Block {
    first: Dense<2, 3>,
    relu: Relu,
    second: Dense<3, 2>,
}

#[derive(CompactModule)]
struct LinenDeep {
    blocks: [Block; 4],
    head: Dense<2, 1>,
}

#[derive(NnxModule)]
#[port(source = Block)]
struct NnxBlock {
    #[port(from = "Dense_0")]
    fc1: Linear<2, 3>,
    relu: Relu,
    #[port(from = "Dense_1")]
    fc2: Linear<3, 2>,
}

#[derive(NnxModule)]
#[port(source = LinenDeep)]
struct NnxRanges {
    #[port(from = "Block_0")]
    first: NnxBlock,
    #[port(from = "Block_1..3")]
    middle: [NnxBlock; 2],
    #[port(from = "Block_3..4")]
    last: [NnxBlock; 1],
    #[port(from = "Dense_0")]
    head: Linear<2, 1>,
}

#[test]
fn a_range_goes_into_an_array() {
    let nnx = assert_port::<LinenDeep, NnxRanges>();
    let linen = numbered::<LinenDeep>();
    assert_eq!(nnx.middle[1].fc2.kernel(), linen.blocks[2].second.kernel());
    assert_same_forward(&linen, &nnx, 2);
}

#[derive(NnxModule)]
#[port(source = LinenDeep)]
struct NnxFlat {
    #[port(from = "Block_0/Dense_0")]
    a: Linear<2, 3>,
    relu_a: Relu,
    #[port(from = "Block_0/Dense_1..2")]
    b: [Linear<3, 2>; 1],
    #[port(from = "Block_1..3")]
    c: [NnxBlock; 2],
    #[port(from = "Block_3/Dense_0")]
    d: Linear<2, 3>,
    relu_d: Relu,
    #[port(from = "Block_3/Dense_1")]
    e: Linear<3, 2>,
    #[port(from = "Dense_0")]
    head: Linear<2, 1>,
}

#[test]
fn a_path_reaches_into_a_nested_module() {
    let nnx = assert_port::<LinenDeep, NnxFlat>();
    assert_same_forward(&numbered::<LinenDeep>(), &nnx, 2);
}

#[derive(CompactModule)]
struct LinenDeeper {
    deep: LinenDeep,
    wide: Dense<1, 2>,
}

#[derive(NnxModule)]
#[port(source(a = LinenDeeper, b = LinenDeep), any_order)]
struct NnxFromBoth {
    #[port(from = "a.LinenDeep_0/Block_1..4")]
    blocks: [NnxBlock; 3],
    #[port(from = "b.Block_0..4")]
    others: [NnxBlock; 4],
    #[port(from = "a.LinenDeep_0/Block_0/Dense_1")]
    last: Linear<3, 2>,
    #[port(from = "a.LinenDeep_0/Block_0/Dense_0")]
    first: Linear<2, 3>,
    #[port(from = "a.LinenDeep_0/Dense_0")]
    head: Linear<2, 1>,
    #[port(from = "a.Dense_0")]
    wide: Linear<1, 2>,
    #[port(from = "b.Dense_0")]
    other_head: Linear<2, 1>,
}

#[test]
fn paths_ranges_and_sources_go_together() {
    let (a, b) = (numbered::<LinenDeeper>(), numbered::<LinenDeep>());
    let nnx = NnxFromBoth::port_from((&a, &b));
    assert_eq!(nnx.blocks[2].fc1.kernel(), a.deep.blocks[3].first.kernel());
    assert_eq!(nnx.others[3].fc1.kernel(), b.blocks[3].first.kernel());
    assert_eq!(nnx.last.kernel(), a.deep.blocks[0].second.kernel());
    assert_eq!(nnx.first.bias(), a.deep.blocks[0].first.bias());
    assert_eq!(nnx.head.kernel(), a.deep.head.kernel());
    assert_eq!(nnx.wide.kernel(), a.wide.kernel());
    assert_eq!(nnx.other_head.kernel(), b.head.kernel());
}

#[derive(NnxModule)]
#[port(source(a = LinenDeep, b = LinenDeep), ignore = "a.Block_1", ignore = "a.Block_3/Dense_1", ignore = "a.Dense_0")]
#[port(ignore = "b.Block_0..4", any_order)]
struct NnxParts {
    #[port(from = "b.Dense_0")]
    head: Linear<2, 1>,
    #[port(from = "a.Block_0")]
    first: NnxBlock,
    #[port(from = "a.Block_2")]
    third: NnxBlock,
    #[port(from = "a.Block_3/Dense_0")]
    last: Linear<2, 3>,
}

#[test]
fn parts_of_each_source_may_be_left_behind() {
    let (a, mut b) = (numbered::<LinenDeep>(), numbered::<LinenDeep>());
    b.head = Dense::new(kernel(2, 1, 0.5), bias(1, 0.5)).unwrap();
    let nnx = NnxParts::port_from((&a, &b));
    assert_eq!(nnx.head.kernel(), b.head.kernel());
    assert_eq!(nnx.first.fc1.kernel(), a.blocks[0].first.kernel());
    assert_eq!(nnx.third.fc2.kernel(), a.blocks[2].second.kernel());
    assert_eq!(nnx.last.kernel(), a.blocks[3].first.kernel());
}

#[derive(NnxModule)]
struct NnxAlone {
    blocks: [NnxBlock; 2],
    tanh: Tanh,
    mlp: NnxMlp<2, 3, 1>,
}

#[test]
fn a_struct_without_a_source_is_read_and_runs() -> mlpport::Result<()> {
    let (block, mlp) = (numbered::<Block>(), numbered::<LinenMlp<2, 3, 1>>());
    let nnx = NnxAlone {
        blocks: [NnxBlock::port_from(&block), NnxBlock::port_from(&block)],
        tanh: Tanh,
        mlp: NnxMlp::port_from(&mlp),
    };
    let state = nnx.to_variables();
    let paths: Vec<String> = state.leaves().map(|(path, _)| path.to_string()).step_by(2).collect();
    assert_eq!(
        paths,
        [
            "blocks/0/fc1/bias",
            "blocks/0/fc2/bias",
            "blocks/1/fc1/bias",
            "blocks/1/fc2/bias",
            "mlp/fc1/bias",
            "mlp/fc2/bias"
        ]
    );
    let again = NnxAlone::from_variables(state.clone())?;
    assert_eq!(again.to_variables(), state);
    assert_same_forward(&nnx, &again, 2);
    Ok(())
}

#[test]
fn elements_of_a_list_are_read_by_index_beyond_nine() -> mlpport::Result<()> {
    #[derive(NnxModule)]
    struct Long {
        layers: [Linear<1, 1, NoBias>; 12],
    }

    let names: Vec<String> = (0..12).map(|i| format!("layers/{i}/kernel")).collect();
    let leaves: Vec<(&str, &[usize])> = names.iter().map(|name| (name.as_str(), &[1, 1][..])).collect();
    let long = Long::from_variables(variables(&leaves))?;
    let values: Vec<f32> = long.layers.iter().map(|layer| layer.kernel()[[0, 0]]).collect();
    assert_eq!(values, (1_u8..=12).map(f32::from).collect::<Vec<_>>());
    Ok(())
}

#[derive(CompactModule)]
struct LinenNested {
    deep: LinenDeep,
    relu: Relu,
    out: Dense<1, 2>,
}

#[derive(NnxModule)]
#[port(source = LinenNested)]
struct NnxNested {
    #[port(from = "LinenDeep_0")]
    deep: NnxRanges,
    relu: Relu,
    #[port(from = "Dense_0")]
    out: Linear<1, 2>,
}

#[test]
fn modules_are_nested_on_both_sides() {
    let nnx = assert_port::<LinenNested, NnxNested>();
    assert_same_forward(&numbered::<LinenNested>(), &nnx, 2);
}
