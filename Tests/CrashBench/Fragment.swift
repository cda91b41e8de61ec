import JSON

/// One kind of operation that the planner makes on a standalone server, as a small prior state with
/// its target.
///
/// Generated manifests come to several of these seldom or never: a second step for a new vector,
/// indexes at their limit, a name that goes from a collection to an alias. The planner writes an
/// ownership mark beside nearly all of them.
package struct Fragment: Sendable {
  /// The states that a fragment is put into, by the names of collections.
  struct Draft: Sendable {
    var prior: [String: Shape] = [:]
    var target: [String: Shape] = [:]

    /// Changes a collection that is there before and after.
    mutating func change(
      _ name: String, _ before: (inout Shape) -> Void, _ after: (inout Shape) -> Void
    ) {
      before(&prior[name, default: .plain])
      after(&target[name, default: .plain])
    }
  }

  package let name: String
  let put: @Sendable (inout Draft, _ collection: String) -> Void

  private init(
    _ name: String, _ put: @escaping @Sendable (inout Draft, _ collection: String) -> Void
  ) {
    self.name = name
    self.put = put
  }

  /// A field, from one value to another; nil is unset.
  private static func field(
    _ name: String, _ path: String, _ from: JSONValue?, _ to: JSONValue?
  ) -> Fragment {
    let isSparse = path.hasPrefix("sparse_vectors.bm25")
    return change(
      name,
      { shape in
        shape.fields[path] = from
        if isSparse { shape.elements["sparse_vectors.bm25"] = true }
      },
      { shape in
        shape.fields[path] = to
        if isSparse { shape.elements["sparse_vectors.bm25"] = true }
      })
  }

  private static func change(
    _ name: String, _ before: @escaping @Sendable (inout Shape) -> Void,
    _ after: @escaping @Sendable (inout Shape) -> Void
  ) -> Fragment {
    Fragment(name) { draft, collection in draft.change(collection, before, after) }
  }

  /// Every kind. Shard keys need a cluster, and steps of class `copy` have no operation yet.
  package static let all = collections + sections + vectorSections + children + limits + elements

  private static func goes(_ draft: inout Draft, _ name: String) {
    draft.prior[name] = .plain
    draft.target[name] = .plain
    draft.target[name]?.isPresent = false
  }

  private static let collections: [Fragment] = [
    Fragment("create") { $0.target[$1] = .plain },
    Fragment("create-in-two") { draft, name in
      draft.target[name] = .plain
      draft.target[name]?.fields["read_fan_out_factor"] = 2
    },
    Fragment("create-with-children") { draft, name in
      draft.target[name] = .plain
      draft.target[name]?.indexes["city"] = ["type": "keyword"]
      draft.target[name]?.aliases = ["\(name)-live"]
    },
    Fragment("delete") { goes(&$0, $1) },
    Fragment("delete-with-alias") { draft, name in
      goes(&draft, name)
      draft.prior[name]?.aliases = ["\(name)-live"]
    },
    Fragment("alias-in-place") { draft, name in
      goes(&draft, name)
      draft.change("\(name)-new", { _ in }, { $0.aliases = [name] })
    },
    Fragment("create-over-alias") { draft, name in
      draft.change("\(name)-old", { $0.aliases = [name] }, { _ in })
      draft.target[name] = .plain
    },
    Fragment("create-over-alias-going") { draft, name in
      goes(&draft, "\(name)-old")
      draft.prior["\(name)-old"]?.aliases = [name]
      draft.target[name] = .plain
    },
    Fragment("create-over-renamed") { draft, name in
      draft.change(
        "\(name)-old",
        {
          $0.aliases = [name]
          $0.isLeaf = true
        },
        {
          $0.aliases = ["\(name)-after"]
          $0.isLeaf = true
        })
      draft.target[name] = .plain
    },
    change("adopt", { $0.isMarked = false }, { _ in }),
    field("mark", "hnsw_config.ef_construct", nil, 100),
  ]

  private static func scalar(_ shape: inout Shape, _ place: String) {
    shape.fields["\(place).scalar"] = [:]
    shape.fields["\(place).scalar.type"] = "int8"
  }

  private static let sections: [Fragment] = [
    field("optimizers-exact", "optimizers_config.flush_interval_sec", 5, 7),
    field("optimizers-removes", "optimizers_config.max_optimization_threads", nil, 2),
    field("optimizers-rebuild", "optimizers_config.indexing_threshold", 20_000, 30_000),
    field("optimizers-sticky", "optimizers_config.memmap_threshold", nil, 5_000),
    field("optimizers-none", "optimizers_config.max_segment_size", nil, 1_000),
    field("params-exact", "write_consistency_factor", 1, 2),
    field("params-rebuild", "on_disk_payload", true, false),
    field("params-sticky", "read_fan_out_factor", nil, 2),
    field("hnsw-exact", "hnsw_config.max_indexing_threads", 0, 2),
    field("hnsw-rebuild", "hnsw_config.m", 16, 24),
    field("hnsw-sticky", "hnsw_config.payload_m", nil, 8),
    change("quantization-set", { _ in }, { scalar(&$0, "quantization_config") }),
    change(
      "quantization-change", { scalar(&$0, "quantization_config") },
      { $0.fields["quantization_config.binary"] = [:] }),
    field("strict-exact", "strict_mode_config.max_query_limit", 10, 20),
    field("strict-sticky", "strict_mode_config.enabled", nil, true),
    field("strict-none", "strict_mode_config.max_timeout", nil, 30),
    field("metadata-set", "metadata.team", nil, "b"),
    field("metadata-change", "metadata.owner", "a", "b"),
    field("metadata-remove", "metadata.rev", 1, .null),
  ]

  private static let vectorSections: [Fragment] = [
    field("vectors-exact", "vectors.dense.hnsw_config.max_indexing_threads", 1, 2),
    field("vectors-rebuild", "vectors.dense.hnsw_config.m", 16, 24),
    field("vectors-sticky", "vectors.dense.on_disk", nil, true),
    change(
      "vectors-quantization", { _ in }, { scalar(&$0, "vectors.dense.quantization_config") }),
    field("sparse-exact", "sparse_vectors.bm25.modifier", "none", "idf"),
    field("sparse-rebuild", "sparse_vectors.bm25.index.on_disk", false, true),
    field("sparse-sticky", "sparse_vectors.bm25.index.datatype", nil, "float16"),
    field("sparse-none", "sparse_vectors.bm25.index.full_scan_threshold", nil, 100),
  ]

  private static let children: [Fragment] = [
    change("index-create", { _ in }, { $0.indexes["city"] = ["type": "keyword"] }),
    change(
      "index-type", { $0.indexes["price"] = ["type": "integer"] },
      { $0.indexes["price"] = ["type": "float"] }),
    change(
      "index-option", { $0.indexes["year"] = ["type": "integer"] },
      { $0.indexes["year"] = ["type": "integer", "on_disk": true] }),
    change("index-delete", { $0.indexes["tag"] = ["type": "keyword"] }, { _ in }),
    Fragment("alias-create") { draft, name in
      draft.change(name, { _ in }, { $0.aliases.insert("\(name)-new") })
    },
    Fragment("alias-switch") { draft, name in
      draft.change("\(name)-old", { $0.aliases = ["\(name)-current"] }, { _ in })
      draft.change(name, { _ in }, { $0.aliases.insert("\(name)-current") })
    },
    Fragment("alias-rename") { draft, name in
      draft.change(
        name,
        {
          $0.aliases.insert("\(name)-before")
          $0.isLeaf = true
        },
        {
          $0.aliases.insert("\(name)-after")
          $0.isLeaf = true
        })
    },
    Fragment("alias-delete") { draft, name in
      draft.change(name, { $0.aliases.insert("\(name)-gone") }, { _ in })
    },
  ]

  private static func limit(_ shape: inout Shape) {
    shape.afterwards["strict_mode_config"] = ["enabled": true, "max_payload_index_count": 1]
  }

  /// Indexes of collections that are at their limit of indexes, or above it.
  private static let limits: [Fragment] = [
    change(
      "index-type-at-limit",
      { shape in
        shape.indexes["price"] = ["type": "integer"]
        limit(&shape)
      }, { $0.indexes["price"] = ["type": "float"] }),
    change(
      "index-delete-above-limit",
      { shape in
        shape.indexes["price"] = ["type": "integer"]
        shape.indexes["tag"] = ["type": "keyword"]
        limit(&shape)
      }, { $0.indexes["price"] = ["type": "integer"] }),
  ]

  private static func dense(_ shape: inout Shape, _ name: String) {
    shape.fields["vectors.\(name).size"] = 8
    shape.fields["vectors.\(name).distance"] = "Dot"
    shape.elements["vectors.\(name)"] = true
  }

  private static let elements: [Fragment] = [
    change("vector-create", { _ in }, { dense(&$0, "image") }),
    change(
      "vector-create-in-two", { _ in },
      { shape in
        dense(&shape, "text")
        shape.fields["vectors.text.on_disk"] = true
      }),
    change("vector-delete", { dense(&$0, "title") }, { $0.elements["vectors.title"] = false }),
    change("sparse-create", { _ in }, { $0.elements["sparse_vectors.splade"] = true }),
    change(
      "sparse-delete", { $0.elements["sparse_vectors.words"] = true },
      { $0.elements["sparse_vectors.words"] = false }),
  ]
}
