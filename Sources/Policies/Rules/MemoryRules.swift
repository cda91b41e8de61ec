import JSON
import ResourceModel

/// What is held in memory and what is read from disk, as far as manifests tell.
enum MemoryRules {
  static let all: [any PolicyRule] = [
    onDiskPayload, VectorsOnDisk(), QuantizedStayInMemory(), QuantizationRequired(),
    BinaryQuantizationSize(), quantile,
  ]

  private static let onDiskPayload = FieldRule(
    "on_disk_payload", demand: .equals(true), isRequired: true,
    substitute: (FieldPath("payload.memory"), "cold"),
    PolicyRuleSpec(
      "P031", "payload-on-disk", .warning, hasFix: true,
      "Every collection says that its payloads are read from disk.",
      """
      With on_disk_payload: false all payloads are held in memory. A stock server reads them \
      from disk, but the value is copied into a collection when it is made, from whatever the \
      server was configured to, and never follows later; so say it. From Qdrant 1.19 on payload: \
      {memory: cold} says the same and overrides the flag. Fields that are filtered by belong \
      into payload indexes.
      """))

  private static let quantile = FieldRule(
    "quantization_config.scalar.quantile", "vectors.*.quantization_config.scalar.quantile",
    demand: .within("min", "max"),
    PolicyRuleSpec(
      "P036", "scalar-quantile-within", .warning,
      parameters: [
        PolicyParameter("min", .number(0.5...1), standard: 0.95, "The smallest share."),
        PolicyParameter("max", .number(0.5...1), standard: 1, "The largest share."),
      ], hasFix: true,
      "A quantile of a scalar quantization that is said lies within bounds.",
      """
      Scalar quantization spreads 256 steps over the range of the values, or over the quantile \
      that is said, and cuts off the rest. A small quantile cuts off values that tell vectors \
      apart. A server takes 0.5 to 1 and keeps 32 bits of the number. A change quantizes all \
      vectors anew.
      """))
}

/// Dense vectors that are held in memory.
struct VectorsOnDisk: CollectionRule {
  let spec = PolicyRuleSpec(
    "P032", "vectors-on-disk", .warning, hasFix: true,
    "Dense vectors are read from disk.",
    """
    A vector is held in memory unless it says on_disk: true (or memory: cold from Qdrant 1.19 \
    on, which overrides the flag). Together with a quantization that stays in memory (the rule \
    quantized-stay-in-memory) originals on disk cost little: they are read for rescoring only. A \
    change indexes existing segments again in the background.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    collection.present(.vector).compactMap { vector in
      if let memory = collection.field(of: vector, "memory") {
        guard memory.value != "cold" else { return nil }
        return PolicyViolation(
          collection.address, path: memory.path, at: memory.provenance,
          "expected memory of \(vector.title) to be cold, found \(memory.value.string ?? "?")",
          fix: collection.edit(memory.path, "cold", instead: memory))
      }
      let field = collection.field(of: vector, "on_disk")
      if field?.value == true { return nil }
      let path = FieldPath(vector.path.segments + ["on_disk"])
      return PolicyViolation(
        collection.address, path: path, at: field?.provenance ?? vector.provenance,
        "expected on_disk of \(vector.title) to be true, found \(field?.value.text() ?? "nothing")",
        fix: collection.edit(path, true, instead: field))
    }
  }
}

/// Originals on disk, and the small copies that searches run on there as well.
struct QuantizedStayInMemory: CollectionRule {
  let spec = PolicyRuleSpec(
    "P033", "quantized-stay-in-memory", .warning, hasFix: true,
    "Where vectors are on disk, their quantized copies stay in memory.",
    """
    Quantized vectors are held where the originals are unless they say always_ram: true (or \
    memory: cached or pinned from Qdrant 1.19 on). With originals on disk a search then reads \
    both from disk, and the quantization has made nothing faster. Any change of a quantization \
    quantizes all vectors anew.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    var seen: Set<FieldPath> = []
    return collection.present(.vector).compactMap { vector in
      let isOnDisk =
        collection.field(of: vector, "memory").map { $0.value == "cold" }
        ?? (collection.field(of: vector, "on_disk")?.value == true)
      guard isOnDisk, let wrapper = collection.quantization(of: vector) else { return nil }
      if let memory = collection.field(wrapper.path.appending("memory")) {
        guard memory.value == "cold", seen.insert(memory.path).inserted else { return nil }
        return PolicyViolation(
          collection.address, path: memory.path, at: memory.provenance,
          "expected memory to be cached or pinned for \(vector.title), which is on disk, "
            + "found cold")
      }
      let path = wrapper.path.appending("always_ram")
      let field = collection.field(path)
      guard field?.value != true, seen.insert(path).inserted else { return nil }
      return PolicyViolation(
        collection.address, path: path, at: (field ?? wrapper).provenance,
        "expected always_ram: true for \(vector.title), which is on disk, found "
          + (field?.value.text() ?? "nothing"),
        fix: collection.edit(
          path, true, instead: field, existing: wrapper.path.segments.count))
    }
  }
}

/// Large vectors without a quantization.
struct QuantizationRequired: CollectionRule {
  let spec = PolicyRuleSpec(
    "P034", "quantization-required", .warning,
    parameters: [
      PolicyParameter(
        "min_size", .integer(1...65536), standard: 512, "The size from which on it is demanded.")
    ],
    "Vectors of at least that size are quantized.",
    """
    A search compares with quantized vectors first and rescores the best with the originals: \
    scalar quantization needs a quarter of the memory of float32, product and binary much less. \
    A vector has its own quantization or that of the collection; quantization_config: disabled \
    on a vector only falls back to the collection's. Multivectors and vectors with a small \
    datatype are left alone.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let least = settings.integer("min_size")
    return collection.present(.vector).compactMap { vector in
      guard let size = collection.field(of: vector, "size"), let number = size.value.integer,
        number >= least, collection.quantization(of: vector) == nil,
        collection.field(of: vector, "multivector_config.comparator") == nil,
        (collection.field(of: vector, "datatype")?.value ?? "float32") == "float32"
      else { return nil }
      return PolicyViolation(
        collection.address, path: FieldPath(vector.path.segments + ["quantization_config"]),
        at: size.provenance,
        "expected a quantization of \(vector.title) with \(number) components, found none",
        hint: "for example quantization_config: {scalar: {type: int8, always_ram: true}}")
    }
  }
}

/// One bit a component, and too few components.
struct BinaryQuantizationSize: CollectionRule {
  let spec = PolicyRuleSpec(
    "P035", "binary-quantization-size-at-least",
    parameters: [
      PolicyParameter(
        "min", .integer(1...65536), standard: 1024, "The size from which on it is allowed.")
    ],
    "Only vectors of at least that size have a binary quantization.",
    """
    Binary quantization keeps the sign of each component. Qdrant's documentation advises it for \
    vectors of 1,024 components or more, whose signs still tell them apart; with fewer the right \
    answers are often not among those that are rescored, and nothing tells.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let least = settings.integer("min")
    return collection.present(.vector).compactMap { vector in
      guard let wrapper = collection.quantization(of: vector),
        wrapper.path.segments.last == "binary",
        let size = collection.field(of: vector, "size")?.value.integer, size < least
      else { return nil }
      return PolicyViolation(
        collection.address, path: wrapper.path, at: wrapper.provenance,
        "expected at least \(least) components for a binary quantization of \(vector.title), "
          + "found \(size)")
    }
  }
}

extension DesiredResource {
  /// The quantization that holds for a vector, by the field of its wrapper (`scalar`); the vector's
  /// own comes before the collection's.
  func quantization(of vector: DesiredElement) -> DesiredField? {
    let own = FieldPath(vector.path.segments + ["quantization_config"])
    return wrapper(below: own) ?? wrapper(below: FieldPath("quantization_config"))
  }

  private func wrapper(below path: FieldPath) -> DesiredField? {
    ["scalar", "product", "binary", "turbo"].lazy.compactMap { field(path.appending($0)) }.first
  }
}
