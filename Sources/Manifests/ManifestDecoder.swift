import Diagnostics
import JSON
import ResourceModel

/// Turns the tree of one document after the other into resources, driven by rows.
///
/// One walk serves all kinds: keys are looked up in the kind's tree of rows, values are read by
/// their row's type. What it does not understand it tells and goes on, so that one run shows all.
struct ManifestDecoder {
  /// What one mapping gave.
  struct Output {
    var fields: [DesiredField] = []
    /// Of each field what its place in the order of paths depends on.
    var order: [FieldOrder] = []
    var elements: [DesiredElement] = []
    /// Keys at the root that the kind reads by itself.
    var specials: [YAMLTree.Entry] = []
  }

  /// A collection with the clusters it asks for.
  struct CollectionDraft {
    var resource: DesiredResource
    var cluster: ClusterSelection
    /// Those of its clusters that this draft is for; nil for all of them.
    var only: Set<ExactString>?
  }

  var reader = YAMLReader()
  var collectionKind: CompiledKind
  var childKinds: [ResourceKind: CompiledKind] = [:]
  var clusterKind: CompiledKind
  var workspaceKind: CompiledKind
  var lifecycleKind: CompiledKind
  var gateKind: CompiledKind
  var environmentKind: CompiledKind
  var hierarchyKind: CompiledKind
  let schema: ResourceSchema
  let childSpecs: [ChildSpec]
  /// The numbers of the children's keys, in the order of `childSpecs`.
  var childKeys: [Int32] = []
  /// Numbers of `kind` and `name`, `""` and other keys that the code asks for.
  let words: Words
  /// Paths with a name in them, shared by all collections that have the same.
  private var paths: [UInt64: FieldPath] = [:]

  var collections: [CollectionDraft] = []
  var clusters: [ClusterDeclaration] = []
  var workspaces: [WorkspaceSettings] = []
  /// What is decoded only when everything has been read.
  var captured = Captured()
  var hierarchies: [Hierarchy] = []
  /// Values that composition has made so far, long texts counted more than once.
  var composedCost = 0
  /// The environment that was asked for, and which clusters take part in it.
  let selectedEnvironment: String?
  var environmentClusters = ClusterSelection.unsaid
  /// The clusters of the environments that are declared when none was asked for.
  var otherClusters: [ClusterSelection] = []
  /// The names of all environments, sorted by place.
  var environmentNames: [String] = []
  /// Whether `${` stands in the document that is being read.
  var usesVariables = false
  /// Whether what is read is a part of a collection, which need not say everything.
  var isPartial = false
  var policies: [PolicyDeclaration] = []
  /// Folder of the text being read, for relative files.
  var baseFolder = "."

  /// Keys that are asked for by name.
  struct Words {
    let kind, name, cluster, lifecycle, generations, state, unnamed, labels: Int32
    let classKey, variables, clusters, overlays, match, set: Int32

    init(_ keys: inout KeyTable) {
      kind = keys.intern("kind")
      name = keys.intern("name")
      cluster = keys.intern("cluster")
      lifecycle = keys.intern("lifecycle")
      generations = keys.intern("generations")
      state = keys.intern("state")
      labels = keys.intern("labels")
      unnamed = keys.intern("")
      classKey = keys.intern("class")
      variables = keys.intern("variables")
      clusters = keys.intern("clusters")
      overlays = keys.intern("overlays")
      match = keys.intern("match")
      set = keys.intern("set")
    }
  }

  init(schema: ResourceSchema, environment: String? = nil) {
    self.schema = schema
    selectedEnvironment = environment
    words = Words(&reader.keys)
    let spec = schema.kinds[.collection] ?? KindSpec(kind: .collection, rows: [])
    childSpecs = spec.children
    collectionKind = CompiledKind(spec, name: "a collection", keys: &reader.keys)
    for child in spec.children {
      let rows = schema.kinds[child.kind] ?? KindSpec(kind: child.kind, rows: [])
      var kind = CompiledKind(
        rows, name: ManifestDecoder.phrase(child.kind), keys: &reader.keys)
      if case .list(let nameField) = child.form {
        kind.specials = [reader.keys.intern(nameField), words.state]
      }
      childKinds[child.kind] = kind
    }
    clusterKind = CompiledKind(LocalKinds.cluster, name: "a cluster", keys: &reader.keys)
    workspaceKind = CompiledKind(LocalKinds.workspace, name: "a workspace", keys: &reader.keys)
    lifecycleKind = CompiledKind(LocalKinds.lifecycle, name: "lifecycle", keys: &reader.keys)
    gateKind = CompiledKind(LocalKinds.gate, name: "a gate", keys: &reader.keys)
    environmentKind = CompiledKind(
      LocalKinds.environment, name: "an environment", keys: &reader.keys)
    hierarchyKind = CompiledKind(LocalKinds.hierarchy, name: "a hierarchy", keys: &reader.keys)
    childKeys = childSpecs.map { reader.keys.intern($0.key) }
    let root: Set<Int32> = [words.kind, words.name]
    clusterKind.specials = root
    workspaceKind.specials = root
    environmentKind.specials = root
    hierarchyKind.specials = root.union([words.classKey])
    collectionKind.specials = root.union(childKeys).union([
      words.cluster, words.labels, words.lifecycle, words.generations, words.classKey,
    ])
    seal()
  }

  private mutating func seal() {
    let symbols = reader.keys.count
    collectionKind.seal(symbols: symbols)
    for kind in childKinds.keys { childKinds[kind]?.seal(symbols: symbols) }
    clusterKind.seal(symbols: symbols)
    workspaceKind.seal(symbols: symbols)
    lifecycleKind.seal(symbols: symbols)
    gateKind.seal(symbols: symbols)
    environmentKind.seal(symbols: symbols)
    hierarchyKind.seal(symbols: symbols)
  }

  private static func phrase(_ kind: ResourceKind) -> String {
    switch kind {
    case .index: "a payload index"
    case .alias: "an alias"
    case .shardKey: "a shard key"
    default: "a \(kind.rawValue)"
    }
  }

  /// Tells something.
  mutating func report(_ diagnostic: Diagnostic) { reader.findings.add(diagnostic) }

  func span(_ node: Int32) -> SourceSpan { reader.tree.span(node) }

  /// The text of a key.
  func key(_ node: Int32) -> String {
    let symbol = reader.tree.nodes[Int(node)].symbol
    return symbol >= 0 ? reader.keys[symbol].string : "?"
  }

  /// The path of a row with a name put into it.
  mutating func path(_ kind: CompiledKind, _ row: Int, _ name: Int32) -> FieldPath {
    if let fixed = kind.rows[row].path.fixedPath { return fixed }
    let id = UInt64(UInt32(truncatingIfNeeded: row)) << 32 | UInt64(UInt32(bitPattern: name))
    if let path = paths[id] { return path }
    let path = kind.rows[row].path.path(names: name >= 0 ? [reader.keys[name]] : [])
    paths[id] = path
    return path
  }
}
