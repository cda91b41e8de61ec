import JSON

/// What a credential allows.
enum Access: Sendable {
  /// On one collection.
  enum Mode: String, Sendable {
    case read = "r"
    case write = "rw"
    /// Points only, without indexes, snapshots and the like.
    case points = "prw"
  }

  case everything
  case readingEverything
  /// By the name that is used in a request: an alias counts as another name.
  case collections([ExactString: Mode])

  /// Whether something of that name may be listed.
  func shows(_ name: ExactString) -> Bool {
    guard case .collections(let modes) = self else { return true }
    return modes[name] != nil
  }

  /// Why a requirement is not met, if it is not.
  func refusal(for requirement: AccessRequirement) -> String? {
    switch (self, requirement) {
    case (_, .nothing), (.everything, _): return nil
    case (.readingEverything, .global(let manages)):
      return manages ? "Global manage access is required" : nil
    case (.readingEverything, .collection(_, let level)):
      return level.isReading ? nil : "Global manage access is required"
    case (.collections, .global): return "Global access is required"
    case (.collections(let modes), .collection(let name, let level)):
      guard let mode = modes[ExactString(name)] else {
        return "Access to collection \(name) is required"
      }
      return level.refusal(of: mode, name)
    }
  }
}

/// What a request needs.
enum AccessRequirement {
  /// What is done to a collection.
  enum Level {
    case read
    /// More than points can tell.
    case readAll
    case writePoints
    case write
    case manage

    var isReading: Bool {
      switch self {
      case .read, .readAll: true
      default: false
      }
    }

    func refusal(of mode: Access.Mode, _ name: String) -> String? {
      switch (self, mode) {
      case (.read, _), (.readAll, .read), (.readAll, .write): nil
      case (.writePoints, .write), (.writePoints, .points), (.write, .write): nil
      case (.readAll, .points), (.write, .points), (.manage, .points):
        "Only points access is allowed for collection \(name)"
      case (.writePoints, .read), (.write, .read), (.manage, .read):
        "Write access to collection \(name) is required"
      case (.manage, .write): "Manage access for this operation is required"
      }
    }
  }

  case nothing
  case global(manages: Bool)
  case collection(String, Level)

  /// What a request to these segments needs; nothing where there is no such route.
  init(method: String, segments: [String], _ behaviours: Behaviours) {
    let rest = Array(segments.dropFirst())
    switch segments.first {
    case "collections": self = AccessRequirement(method, collections: rest)
    case "snapshots": self = .global(manages: method != "GET")
    case "cluster": self = AccessRequirement(method, cluster: rest)
    case "issues": self = method == "DELETE" ? .global(manages: true) : .nothing
    case "audit": self = method == "POST" ? .global(manages: true) : .nothing
    case "logger" where method == "GET" && !behaviours.guardsLogger: self = .nothing
    case "metrics", "logger", "stacktrace": self = .global(manages: method == "POST")
    case "locks": self = method == "POST" ? .global(manages: true) : .global(manages: false)
    case "quotas": self = .global(manages: method == "PUT")
    default: self = .nothing
    }
  }

  private init(_ method: String, cluster rest: [String]) {
    switch (method, rest.first) {
    case ("GET", nil), ("GET", "metadata"): self = .global(manages: false)
    case ("POST", "recover"), ("DELETE", "peer"), ("PUT", "metadata"), ("DELETE", "metadata"):
      self = .global(manages: true)
    default: self = .nothing
    }
  }

  private init(_ method: String, collections rest: [String]) {
    guard let name = rest.first else {
      self = .nothing
      return
    }
    if rest.count == 1 {
      switch method {
      case "GET": self = .collection(name, .read)
      case "PUT", "PATCH", "DELETE": self = .global(manages: true)
      default:
        self = method == "POST" && name == "aliases" ? .global(manages: true) : .nothing
      }
      return
    }
    self = AccessRequirement(method, name, Array(rest.dropFirst()))
  }

  /// Below a collection.
  private init(_ method: String, _ name: String, _ rest: [String]) {
    switch rest[0] {
    case "exists", "aliases", "optimizations", "memory", "facet":
      self = .collection(name, .read)
    case "cluster": self = .collection(name, method == "GET" ? .readAll : .manage)
    case "index", "vectors": self = .collection(name, .write)
    case "points":
      let isWriting = AccessRequirement.writesPoints(method, Array(rest.dropFirst()))
      self = .collection(name, isWriting ? .writePoints : .read)
    case "snapshots": self = AccessRequirement(method, name, snapshots: Array(rest.dropFirst()))
    case "snapshot": self = .collection(name, .write)
    case "shards":
      if rest.count > 2 {
        self = AccessRequirement(method, name, Array(rest.dropFirst(2)))
      } else {
        self = .collection(name, method == "GET" ? .read : .manage)
      }
    default: self = .nothing
    }
  }

  private init(_ method: String, _ name: String, snapshots rest: [String]) {
    switch (method, rest.first) {
    case ("GET", _): self = .collection(name, .readAll)
    case ("PUT", "recover"), ("POST", "upload"), ("POST", "recover"):
      self = .global(manages: true)
    default: self = .collection(name, .write)
    }
  }

  static func writesPoints(_ method: String, _ rest: [String]) -> Bool {
    guard method != "PUT" else { return true }
    return ["delete", "batch", "payload", "vectors"].contains(rest.first)
  }
}
