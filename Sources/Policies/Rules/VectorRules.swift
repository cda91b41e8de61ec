import JSON
import ResourceModel

/// What vectors are: their measures, sizes and names.
enum VectorRules {
  static let all: [any PolicyRule] = [
    distances, size, VectorSizeMultiple(), VectorDatatypes(), NamedVectorsOnly(), VectorsAtMost(),
    MultivectorWithoutGraph(), SparseVectorModifier(),
  ]

  private static let distances = FieldRule(
    "vectors.*.distance", demand: .oneOf("allowed"),
    PolicyRuleSpec(
      "P021", "vector-distances-allowed",
      parameters: [
        PolicyParameter(
          "allowed", .list(.oneOf(["Cosine", "Euclid", "Dot", "Manhattan"])),
          "The measures that a vector may have.")
      ],
      "Vectors are compared by one of these measures.",
      """
      A model is trained for one measure, and another one gives worse answers without any error. \
      With Cosine a server normalises vectors as they are written, so that their lengths are \
      lost; Dot and Euclid keep them. The measure cannot be changed in place: it takes a new \
      collection.
      """))

  private static let size = FieldRule(
    "vectors.*.size", demand: .atMost("max"),
    PolicyRuleSpec(
      "P022", "vector-size-at-most",
      parameters: [
        PolicyParameter("max", .integer(1...65536), standard: 4096, "The most components.")
      ],
      "No vector has more components than that.",
      """
      A server takes up to 65,536 components. Memory, disk and the time of every comparison grow \
      with the size: a million vectors of 4,096 32-bit components are 15.3 GiB before the graph \
      and what optimizing takes on top. The size cannot be changed in place.
      """))
}

/// A size that no model has.
struct VectorSizeMultiple: CollectionRule {
  let spec = PolicyRuleSpec(
    "P023", "vector-size-multiple-of", .warning,
    parameters: [
      PolicyParameter("of", .integer(1...1024), standard: 8, "What the size is a multiple of.")
    ],
    "The size of a vector is a multiple of that.",
    """
    The common embedding models give 384, 512, 768, 1024, 1536 or 3072 components, all multiples \
    of 8; a size such as 786 is nearly always a typing error, and it shows only when the first \
    point is refused, while the size can no longer be changed in place.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let factor = settings.integer("of")
    return collection.present(.vector).compactMap { vector in
      guard factor > 0, let field = collection.field(of: vector, "size"),
        let size = field.value.integer, size % factor != 0
      else { return nil }
      return PolicyViolation(
        collection.address, path: field.path, at: field.provenance,
        "expected a size that is a multiple of \(factor), found \(size)")
    }
  }
}

/// Components in a type that the policy does not list.
struct VectorDatatypes: CollectionRule {
  let spec = PolicyRuleSpec(
    "P024", "vector-datatypes-allowed",
    parameters: [
      PolicyParameter(
        "allowed", .list(.oneOf(["float32", "float16", "uint8", "turbo4"])),
        "The types that components may be stored as.")
    ],
    "Components of vectors are stored as one of these types.",
    """
    float16 halves and uint8 quarters what float32 takes, on disk and in memory; uint8 is for \
    models that give bytes and makes others useless; turbo4 works from Qdrant 1.19 on (1.18 \
    answers 500). A vector that says nothing is float32. The type cannot be changed in place.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let demand = Demand.oneOf("allowed")
    return collection.present(.vector).compactMap { vector in
      let field = collection.field(of: vector, "datatype")
      let type = field?.value ?? "float32"
      guard !demand.isSatisfied(by: type, settings) else { return nil }
      return PolicyViolation(
        collection.address, path: FieldPath(vector.path.segments + ["datatype"]),
        at: field?.provenance ?? vector.provenance,
        "expected a datatype that is \(demand.words(settings)), found \(type.string ?? "?")",
        hint: field == nil ? "a vector that says nothing is float32" : nil)
    }
  }
}

/// A vector without a name.
struct NamedVectorsOnly: CollectionRule {
  let spec = PolicyRuleSpec(
    "P025", "named-vectors-only", .warning,
    "Every vector has a name.",
    """
    A name says which model a vector came from, and the vector of the next model can stand \
    beside it (from Qdrant 1.18 on without making the collection anew). The unnamed vector \
    cannot be addressed on its own, and as soon as a named one is added beside it, reads change \
    their shape for good.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    collection.present(.vector).filter { $0.name.string.isEmpty }.map { vector in
      PolicyViolation(
        collection.address, path: vector.path, at: vector.provenance,
        "expected vectors with names, found the unnamed one",
        hint: "a name cannot be given to vectors that are there: it takes a new collection")
    }
  }
}

/// More vectors of a point than a policy allows.
struct VectorsAtMost: CollectionRule {
  let spec = PolicyRuleSpec(
    "P026", "vectors-at-most",
    parameters: [
      PolicyParameter("max", .integer(1...1000), standard: 4, "The most vectors of a point.")
    ],
    "No collection has more vectors, dense and sparse, than that.",
    """
    Every vector of a collection has storage, an index and, unless it is quantized or on disk, \
    its own share of memory for every point; optimizing a segment builds all of their indexes.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let most = settings.integer("max")
    let vectors = (collection.present(.vector) + collection.present(.sparseVector))
      .sorted { $0.span < $1.span }
    guard vectors.count > most else { return [] }
    return [
      PolicyViolation(
        collection.address, path: vectors[most].path, at: vectors[most].provenance,
        "expected at most \(most) vectors, found \(vectors.count)",
        hint: "this is the first one beyond the limit")
    ]
  }
}

/// A multivector with a graph that its use does not need.
struct MultivectorWithoutGraph: CollectionRule {
  let spec = PolicyRuleSpec(
    "P027", "multivector-without-graph", .warning, hasFix: true,
    "Multivectors build no graph.",
    """
    A multivector (multivector_config) holds many vectors for each point, usually to rescore \
    what another vector found. A graph over all of them takes more memory and time than all \
    others together and is not used for rescoring; hnsw_config with m: 0 on that vector builds \
    none. Do not demand the rule where multivectors are searched directly.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    collection.present(.vector).compactMap { vector in
      guard collection.field(of: vector, "multivector_config.comparator") != nil else {
        return nil
      }
      let own = collection.field(of: vector, "hnsw_config.m")
      let general = collection.field(FieldPath("hnsw_config.m"))
      if (own ?? general)?.value.integer == 0 { return nil }
      let path = FieldPath(vector.path.segments + ["hnsw_config", "m"])
      return PolicyViolation(
        collection.address, path: path, at: own?.provenance ?? vector.provenance,
        "expected hnsw_config.m to be 0 on a multivector, found \(own?.value.text() ?? "nothing")",
        fix: collection.edit(path, 0, instead: own))
    }
  }
}

/// A sparse vector of words without the weighting that its model leaves to the server.
struct SparseVectorModifier: CollectionRule {
  let spec = PolicyRuleSpec(
    "P028", "sparse-vector-idf",
    parameters: [
      PolicyParameter(
        "names", .list(.text(bytes: 1...255)), standard: ["bm25*"],
        "The names of the sparse vectors that are meant, where * stands for anything.")
    ], hasFix: true,
    "Sparse vectors of these names have the modifier idf.",
    """
    BM25 and models like it write how often a word stands in a text and leave how rare the word \
    is to the server, which weighs by it only with modifier: idf. Without it frequent words \
    decide the order of the answers, and nothing tells. The modifier changes in place and holds \
    for queries.
    """)

  func check(_ collection: DesiredResource, _ settings: PolicySettings) -> [PolicyViolation] {
    let names = settings.texts("names").map { AddressPattern($0) }
    return collection.present(.sparseVector).compactMap { vector in
      guard names.contains(where: { $0.matches(vector.name) }) else { return nil }
      let field = collection.field(of: vector, "modifier")
      if field?.value == "idf" { return nil }
      let path = FieldPath(vector.path.segments + ["modifier"])
      return PolicyViolation(
        collection.address, path: path, at: field?.provenance ?? vector.provenance,
        "expected the modifier idf, found \(field?.value.string ?? "nothing")",
        fix: collection.edit(path, "idf", instead: field))
    }
  }
}
