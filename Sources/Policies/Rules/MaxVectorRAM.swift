import JSON
import ResourceModel

/// The memory that the vectors of a collection take, by rule of thumb.
struct MaxVectorRAM: ObservationRule {
  let spec = PolicyRuleSpec(
    "P101", "max-vector-ram",
    parameters: [
      PolicyParameter(
        "gib", .number(0...1_000_000), "The most memory in GiB, all copies together."),
      PolicyParameter(
        "multivector_tokens", .integer(1...100_000), standard: 128,
        "How many vectors a multivector has for each point."),
    ], needs: .observation,
    "The vectors of a collection take at most so much memory.",
    """
    An estimate: points × components × bytes a component × 1.5 × copies, for every vector in \
    memory, as Qdrant's guide for capacity planning has it; the half on top is for the graph and \
    for segments that are optimized. float32 takes 4 bytes, float16 2, uint8 1, turbo4 half a \
    byte. Vectors on disk count with what their quantization holds in memory, and not at all \
    without one. Points are the server's estimate, so that a collection that is yet to be made \
    passes.
    """)

  func check(
    _ collection: DesiredResource, _ live: ObservedCollection?, _ cluster: ClusterIdentity,
    _ settings: PolicySettings
  ) -> [PolicyViolation] {
    guard let live, let points = live.pointsCount else { return [] }
    let fields = Fields(collection: collection, live: live)
    let tokens = settings.number("multivector_tokens")
    let bytes = fields.vectors.reduce(0.0) { sum, name in
      sum + fields.bytes(of: name, tokens: tokens)
    }
    let copies = Double(fields.value(["replication_factor"])?.integer ?? 1)
    let gib = Double(points) * bytes * 1.5 * copies / 1_073_741_824
    guard gib > settings.number("gib") else { return [] }
    let rounded = (gib * 10).rounded() / 10
    return [
      PolicyViolation(
        collection.address, at: collection.provenance,
        "expected the vectors to take at most \(settings.value("gib")?.text() ?? "?") GiB of "
          + "memory, found about \(rounded) GiB for \(points) points",
        hint: "on_disk: true with a quantization that stays in memory takes much less")
    ]
  }

  /// What will hold: what the manifest says, and what is live where it says nothing.
  private struct Fields {
    let collection: DesiredResource
    let live: ObservedCollection

    func value(_ path: [ExactString]) -> JSONValue? {
      collection.field(FieldPath(path))?.value ?? live.fields.value(at: FieldPath(path))
    }

    /// The vectors that are live and stay, and those that are asked for.
    var vectors: [ExactString] {
      let there = live.fields["vectors"]?.object?.keys.map { ExactString($0) } ?? []
      let asked = collection.elements.filter { $0.kind == .vector }
      let gone = Set(asked.filter { !$0.isPresent }.map(\.name))
      return Set(there + asked.map(\.name)).subtracting(gone).sorted()
    }

    /// Bytes of memory for one point.
    func bytes(of name: ExactString, tokens: Double) -> Double {
      let size = value(["vectors", name, "size"])?.double ?? 0
      let isMulti = value(["vectors", name, "multivector_config", "comparator"]) != nil
      let components = size * (isMulti ? tokens : 1)
      let isOnDisk =
        value(["vectors", name, "memory"]).map { $0 == "cold" }
        ?? (value(["vectors", name, "on_disk"]) == true)
      if !isOnDisk {
        let type = value(["vectors", name, "datatype"])?.string ?? "float32"
        return components * (["float16": 2, "uint8": 1, "turbo4": 0.5][type] ?? 4)
      }
      return components * (quantized(["vectors", name]) ?? quantized([]) ?? 0)
    }

    /// Bytes a component of a quantization that stays in memory; nil where there is none.
    private func quantized(_ prefix: [ExactString]) -> Double? {
      for kind in ["scalar", "product", "binary", "turbo"] as [ExactString] {
        let path = prefix + ["quantization_config", kind]
        guard value(path) != nil else { continue }
        let isInMemory =
          value(path + ["memory"]).map { $0 != "cold" } ?? (value(path + ["always_ram"]) == true)
        guard isInMemory else { return 0 }
        switch kind {
        case "scalar": return 1
        case "product":
          let factor = value(path + ["compression"])?.string?.dropFirst() ?? "4"
          return 4 / (Double(factor) ?? 4)
        case "binary":
          let encoding = value(path + ["encoding"])?.string ?? "one_bit"
          return ["two_bits": 0.25, "one_and_half_bits": 0.1875][encoding] ?? 0.125
        default:
          let bits = value(path + ["bits"])?.string ?? "bits4"
          return ["bits1": 0.125, "bits1_5": 0.1875, "bits2": 0.25][bits] ?? 0.5
        }
      }
      return nil
    }
  }
}
