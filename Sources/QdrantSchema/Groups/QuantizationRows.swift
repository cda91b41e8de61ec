import JSON
import ResourceModel

extension QdrantResources {
  /// Quantization: of a collection, and of one of its vectors.
  ///
  /// It is written as a whole, so a key that is left out is gone; exactly one wrapper may be given.
  ///
  /// The root row takes one word, `disabled`, which means absence. In an update absence is what
  /// `unset` says, the word `Disabled` with a capital D (any other writing is refused with 400). A
  /// create refuses that word as well, so the row has no path there: absence is written by leaving
  /// the block out, and where the operator configured a quantization for all new collections, the
  /// update that follows takes it away.
  static let quantizationRows: [FieldSpec] =
    [
      FieldSpec(
        "", .word("disabled"), absentEquals: "disabled", mutability: .inPlace,
        effect: .rebuildsIndex, unset: .removes("Disabled"),
        wire: FieldSpec.Wire(read: "", create: nil, update: ""), block: "",
        summary: "Quantization of vectors, or the word disabled to take it away.")
    ] + scalarRows + productRows + binaryRows + turboRows

  private static let scalarRows: [FieldSpec] = [
    FieldSpec(
      "scalar", .object, mutability: .inPlace, effect: .rebuildsIndex, unset: .removes(.null),
      wire: .each("scalar"), block: "",
      summary: "Scalar quantization: every component of a vector becomes one byte."),
    FieldSpec(
      "scalar.type", .oneOf(["int8"]), presence: .required, mutability: .inPlace,
      effect: .rebuildsIndex, wire: .each("scalar.type"), block: "",
      summary: "The type that components are kept as."),
    FieldSpec(
      "scalar.quantile", .number(0.5...1), mutability: .inPlace, effect: .rebuildsIndex,
      unset: .removes(.null), comparison: .float32, wire: .each("scalar.quantile"), block: "",
      summary: "The share of the values that the range of bytes spans; without it all of them."),
    alwaysRAM("scalar"), memory("scalar"),
  ]

  private static let productRows: [FieldSpec] = [
    FieldSpec(
      "product", .object, mutability: .inPlace, effect: .rebuildsIndex, unset: .removes(.null),
      wire: .each("product"), block: "",
      summary: "Product quantization: groups of components become numbers of a codebook."),
    FieldSpec(
      "product.compression", .oneOf(["x4", "x8", "x16", "x32", "x64"]), presence: .required,
      mutability: .inPlace, effect: .rebuildsIndex, wire: .each("product.compression"), block: "",
      summary: "How many times smaller vectors become."),
    alwaysRAM("product"), memory("product"),
  ]

  private static let binaryRows: [FieldSpec] = [
    FieldSpec(
      "binary", .object, mutability: .inPlace, effect: .rebuildsIndex, unset: .removes(.null),
      wire: .each("binary"), block: "",
      summary: "Binary quantization: every component becomes one or two bits."),
    FieldSpec(
      "binary.encoding", .oneOf(["one_bit", "two_bits", "one_and_half_bits"]),
      absentEquals: "one_bit", mutability: .inPlace, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .each("binary.encoding"), block: "",
      since: ServerVersion(1, 15),
      summary: "How many bits a component becomes, by default one."),
    FieldSpec(
      "binary.query_encoding", .oneOf(["default", "binary", "scalar4bits", "scalar8bits"]),
      absentEquals: "default", mutability: .inPlace, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .each("binary.query_encoding"), block: "",
      since: ServerVersion(1, 15),
      summary: "How the vector of a query is quantized, by default like the stored ones."),
    alwaysRAM("binary"), memory("binary"),
  ]

  private static let turboRows: [FieldSpec] = [
    FieldSpec(
      "turbo", .object, mutability: .inPlace, effect: .rebuildsIndex, unset: .removes(.null),
      wire: .each("turbo"), block: "", since: ServerVersion(1, 18),
      summary: "Turbo quantization: vectors are rotated and kept in a few bits per component."),
    FieldSpec(
      "turbo.bits", .oneOf(["bits1", "bits1_5", "bits2", "bits4"]), absentEquals: "bits4",
      mutability: .inPlace, effect: .rebuildsIndex, unset: .removes(.null),
      wire: .each("turbo.bits"), block: "", since: ServerVersion(1, 18),
      summary: "How many bits a component becomes, by default four."),
    alwaysRAM("turbo", since: ServerVersion(1, 18)), memory("turbo"),
  ]

  private static func alwaysRAM(_ wrapper: String, since: ServerVersion? = nil) -> FieldSpec {
    let path = FieldPattern(wrapper + ".always_ram")
    return FieldSpec(
      path, .bool, absentEquals: false, mutability: .inPlace, effect: .rebuildsIndex,
      unset: .removes(.null), wire: .each(path), block: "", since: since,
      deprecated: FieldSpec.useMemory,
      summary: "Whether quantized vectors stay in memory, wherever the original ones are.")
  }

  private static func memory(_ wrapper: String) -> FieldSpec {
    let path = FieldPattern(wrapper + ".memory")
    return FieldSpec(
      path, Memory.any, mutability: .inPlace, effect: .rebuildsIndex, unset: .removes(.null),
      wire: .each(path), block: "", since: ServerVersion(1, 19),
      summary: "Where quantized vectors are held, by default like the original ones.")
  }
}
