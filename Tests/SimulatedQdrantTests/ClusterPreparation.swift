import JSON

@testable import SimulatedQdrant

/// What the recorder did on three peers without writing it down, as it follows from the answers:
/// its scenarios begin on collections that are there.
struct ClusterPreparation {
  /// A request to a peer.
  struct Request {
    var method: String
    var path: String
    var body: JSONValue
    var peer = 0
  }

  /// What comes before the step of a number.
  var requests: [Int: [Request]] = [:]
  /// The steps in which a text stands where the number of a peer belongs.
  var textSteps: Set<Int> = []
  /// What makes the path of the server's folder as long as the recorder's, where a place in a text
  /// depends on it.
  var detour = ""
  /// Whether transfers can come to an end, so that the recorder waited for it.
  var waitsForTransfers = true

  static let roles: JSONObject = [
    "none": [:], "wrong key": ["key": "wrong"], "read-only key": ["key": "read-only-key"],
    "key": ["key": "admin-key"], "alternative key": ["key": "alt-admin-key"],
    "token r": ["jwt": ["access": "r"]], "token m": ["jwt": ["access": "m"]],
    "token without claims": ["jwt": [:]],
    "token m of the alternative key": ["jwt": ["access": "m"], "secret": "alt-admin-key"],
    "token of the read-only key": ["jwt": ["access": "r"], "secret": "read-only-key"],
    "token c:r": ["jwt": ["access": [["collection": "c", "access": "r"]]]],
    "token c:rw": ["jwt": ["access": [["collection": "c", "access": "rw"]]]],
    "token c:prw": ["jwt": ["access": [["collection": "c", "access": "prw"]]]],
    "token expired": ["jwt": ["access": "m", "exp": "<now-3600>"]],
    "token signed by nobody": ["jwt": ["access": "m"], "secret": "nobody"],
    "bearer": ["headers": ["Authorization": "Bearer admin-key"]],
  ]

  // MARK: Parts

  private static let vectors: JSONObject = ["vectors": ["size": 4, "distance": "Dot"]]

  private static func collection(_ name: String, _ extra: JSONObject = [:]) -> Request {
    Request(
      method: "PUT", path: "/collections/" + name,
      body: .object(vectors.merged(with: .object(extra))))
  }

  /// A collection whose shards have keys.
  private static func keyed(_ name: String, _ extra: JSONObject = [:]) -> Request {
    collection(name, JSONObject(extra.members + [.init(key: "sharding_method", value: "custom")]))
  }

  private static func key(
    _ name: String, in collection: String = "c", on peers: [Int] = [1], _ extra: JSONObject = [:]
  ) -> Request {
    var body: JSONObject = ["shard_key": .string(name)]
    if !peers.isEmpty {
      body["placement"] = .array(peers.map { .string("<peer:\($0)>") })
      body["shards_number"] = 1
      body["replication_factor"] = .integer(peers.count)
    }
    return Request(
      method: "PUT", path: "/collections/\(collection)/shards",
      body: .object(body.merged(with: .object(extra))))
  }

  private static func index(
    _ field: String, _ schema: JSONValue, in name: String = "c"
  ) -> Request {
    Request(
      method: "PUT", path: "/collections/\(name)/index?wait=true",
      body: ["field_name": .string(field), "field_schema": schema])
  }

  private static func alias(_ name: String, of collection: String) -> Request {
    let link: JSONValue = [
      "collection_name": .string(collection), "alias_name": .string(name),
    ]
    return Request(
      method: "POST", path: "/collections/aliases", body: ["actions": [["create_alias": link]]])
  }

  /// Points with numbers that follow each other; every other one lies in the city `x`.
  private static func points(
    _ numbers: ClosedRange<Int>, in name: String = "c", key: JSONValue? = nil,
    isPlain: Bool = false
  ) -> Request {
    let known: [[JSONValue]] = [[-0.731, 0.695, 0.528, -0.49], [-0.009, -0.101, 0.303, 0.577]]
    let points = numbers.map { number -> JSONValue in
      let vector = number <= known.count ? known[number - 1] : [0.5, -0.25, 0.75, 1.0]
      var payload: JSONObject = ["n": .integer(number - 1)]
      if !isPlain { payload["city"] = number % 2 == 0 ? "x" : "y" }
      return ["id": .integer(number), "vector": .array(vector), "payload": .object(payload)]
    }
    var body: JSONObject = ["points": .array(points)]
    body["shard_key"] = key
    return Request(
      method: "PUT", path: "/collections/\(name)/points?wait=true", body: .object(body))
  }

  // MARK: Scenarios

  static func of(_ scenario: String) -> ClusterPreparation {
    var preparation = ClusterPreparation()
    let area = scenario.split(separator: "/")[0]
    preparation.requests = later[scenario] ?? [:]
    preparation.requests[1] = first[scenario] ?? (area == "lost-peers" ? threeCollections : [])
    preparation.textSteps = texts[scenario] ?? []
    if scenario == "cluster-snapshots/priorities" {
      preparation.detour = String(repeating: "/.", count: 10)
    }
    preparation.waitsForTransfers =
      !["transfers/in-flight", "transfers/resharding-enabled"].contains(scenario)
    return preparation
  }

  private static let texts: [String: Set<Int>] = [
    "shard-keys/placement": [7], "transfers/refused-operations": [9, 21],
  ]

  private static let threeCollections = [
    collection("all", ["shard_number": 1, "replication_factor": 3]),
    collection("third", ["shard_number": 3]), keyed("custom", ["replication_factor": 2]),
    alias("a", of: "all"), points(1...50, in: "all"), points(1...50, in: "third"),
  ]

  /// A collection with one shard, on the first peer.
  private static func oneShard(_ count: Int) -> [Request] {
    [keyed("c"), key("k"), points(1...count, key: "k")]
  }

  private static let first: [String: [Request]] = [
    "cluster/aliases-through-peers": [collection("blue"), collection("green")],
    "cluster/answers-over-the-inner-hop": innerHop,
    "shard-keys/initial-state": [keyed("c", ["replication_factor": 2])],
    "shard-keys/placement": [keyed("c")],
    "shard-keys/points-and-indexes": [keyed("c")],
    "shard-keys/refused": [keyed("c"), collection("auto")],
    "transfers/in-flight": oneShard(300), "transfers/move-shard": oneShard(100),
    "transfers/refused-operations": oneShard(100),
    "transfers/replicate-and-drop": oneShard(100),
    "transfers/replicate-factor": oneShard(100),
    "transfers/replicate-points": [
      keyed("c"), key("src"), points(1...40, key: "src"),
    ],
    "transfers/resharding-disabled": [collection("c", ["shard_number": 1])],
    "transfers/resharding-enabled": [
      collection("c", ["shard_number": 1]), points(1...20),
    ],
    "lost-peers/restarted": [
      collection("c", ["shard_number": 1, "replication_factor": 3]), points(1...20),
    ],
    "cluster-auth/access": oneShard(5),
    "telemetry/cluster-telemetry": telemetry,
    "telemetry/telemetry-levels": telemetry,
    "telemetry/identity": [
      collection("c", ["shard_number": 1]),
      collection("d", ["uuid": "0f0e0d0c-0b0a-4908-8706-050403020100"]),
    ],
    "cluster-snapshots/of-every-peer": [
      collection("c", ["shard_number": 3, "metadata": ["owner": "x"]]), index("n", "integer"),
      alias("a", of: "c"), points(1...90),
    ],
    "cluster-snapshots/of-shards": [
      keyed("c", ["replication_factor": 2]), key("k", on: [1, 2]), points(1...50, key: "k"),
    ],
    "cluster-snapshots/of-the-storage": [collection("c")],
    "cluster-snapshots/peer-recover": [collection("c", ["shard_number": 1])],
    "cluster-snapshots/priorities": [
      keyed("c", ["replication_factor": 2]), key("k", on: [1, 2]), points(1...50, key: "k"),
    ],
  ]

  private static let later: [String: [Int: [Request]]] = [
    "cluster/peers-take-turns": [25: [points(1...30)]],
    "shard-keys/points-and-indexes": [6: [key("a"), key("b", on: [2])]],
    "transfers/replicate-points": [
      2: [
        key("wide", on: [], ["shards_number": 2]),
        key("copies", on: [], ["shards_number": 1, "replication_factor": 2]),
      ]
    ],
    "cluster-snapshots/of-shards": [10: [points(51...80, key: "k")]],
    "cluster-snapshots/priorities": [2: [points(51...80, key: "k")]],
  ]

  private static let telemetry = [
    collection("c", ["shard_number": 2, "replication_factor": 2, "metadata": ["a": 1]]),
    keyed("custom"), key("k", in: "custom"), points(1...20),
    points(1...3, in: "custom", key: "k"), index("n", "integer"),
    Request(method: "PUT", path: "/cluster/metadata/keys/k?wait=true", body: ["x": 1]),
  ]

  private static let innerHop: [Request] = [
    keyed(
      "c",
      [
        "metadata": [
          "big": .number(JSONNumber(text: "18446744073709551615")),
          "signed": .number(JSONNumber(text: "-9223372036854775808")),
          "float": 1.0, "nested": ["a": []], "null": .null,
        ]
      ]),
    key("k"), index("k", ["type": "keyword", "is_tenant": true, "on_disk": false]),
    index(
      "t",
      [
        "type": "text", "tokenizer": "word", "stopwords": "english",
        "stemmer": ["type": "snowball", "language": "english"],
      ]), index("n", "integer"), points(1...5, key: "k", isPlain: true),
    keyed("empty", ["metadata": [:]]), key("k", in: "empty"),
    keyed(
      "full",
      [
        "vectors": [
          "a": [
            "size": 4, "distance": "Dot", "hnsw_config": ["m": 8],
            "quantization_config": ["binary": ["encoding": "two_bits"]],
          ]
        ],
        "sparse_vectors": ["s": ["index": ["on_disk": false], "modifier": "none"]],
        "optimizers_config": ["prevent_unoptimized": false],
        "quantization_config": ["scalar": ["type": "int8", "quantile": 0.99]],
        "strict_mode_config": [
          "enabled": false, "max_points_count": 1_000_000_000_000,
          "multivector_config": ["a": ["max_vectors": 3]],
        ],
      ]), key("k", in: "full"),
  ]
}
