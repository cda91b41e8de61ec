import JSON

/// The points under a shard key.
struct KeyedPoints: Sendable {
  var key: JSONValue
  var points = PointStore()
  /// The number that the last operation of its shards was given.
  var lastOperation: UInt64 = 0
}

extension Collection {
  /// Whether a shard has several copies.
  var isReplicated: Bool { layout?.shards.contains { $0.replicas.count > 1 } ?? false }

  /// The place of the points under a key.
  func part(of key: JSONValue) -> Int? { parts.firstIndex { $0.key == key } }

  /// Makes the points anew from those under the keys; where an id is under several, the first one
  /// counts.
  mutating func unite() {
    guard config.hasCustomSharding, layout != nil else { return }
    points = union(of: Array(parts.indices))
  }

  func union(of places: [Int]) -> PointStore {
    var all = PointStore()
    for place in places.reversed() {
      for id in parts[place].points.ids { all[id] = parts[place].points[id] }
    }
    return all
  }

  /// How many points a shard has.
  func pointCount(of shard: Shard) -> Int {
    store(of: shard).ids.count { ring(with: shard).shard(of: $0) == shard.id }
  }

  /// The points among which those of a shard are.
  func store(of shard: Shard) -> PointStore {
    shard.key.flatMap { part(of: $0) }.map { parts[$0].points } ?? points
  }

  /// The ring that a shard is on: that of its key. A shard to which points are still to be moved
  /// is on none.
  func ring(with shard: Shard) -> ShardRing {
    let all = layout?.shards.filter { $0.key == shard.key } ?? []
    return ShardRing(
      shards: all.filter { !$0.replicas.contains { $0.state == .resharding } }.map(\.id))
  }

  /// Copies points of a shard under another key.
  mutating func copy(shard: UInt32, to copying: ShardTransfer.Copying) {
    guard let layout, let from = layout.index(of: shard), let to = layout.index(of: copying.shard),
      let source = layout.shards[from].key.flatMap({ part(of: $0) }),
      let target = layout.shards[to].key.flatMap({ part(of: $0) })
    else { return }
    var chosen = self
    chosen.points = parts[source].points
    for id in chosen.matching(copying.filter) {
      parts[target].points[id] = parts[source].points[id]
    }
    unite()
  }
}

extension SimulatedServer {
  /// Reads or writes points of a collection whose shards have keys.
  mutating func routeKeyedPoints(
    _ call: Call, _ name: String, _ rest: [String]
  ) throws(Refusal) -> Reply {
    let isWriting = AccessRequirement.writesPoints(call.request.method, rest)
    let key = try resolve(name)
    guard let whole = collections[key] else { throw .noCollection(name) }
    let chosen = try whole.chosen(call.bodyMember("shard_key"), isWriting: isWriting)
    guard let chosen else { return try routePoints(call, name, rest) }
    if isWriting { return try write(call, name, rest, under: chosen) }
    if rest.first == "count" { return try count(call, name, under: chosen) }
    collections[key]?.points = whole.union(of: chosen)
    collections[key]?.isPart = true
    defer { collections[key] = whole }
    return whole.decorated(try routePoints(call, name, rest), under: chosen)
  }

  private mutating func write(
    _ call: Call, _ name: String, _ rest: [String], under chosen: [Int]
  ) throws(Refusal) -> Reply {
    let key = try resolve(name)
    var last = Reply.noRoute
    for place in chosen {
      guard let part = collections[key]?.parts[place] else { continue }
      collections[key]?.points = part.points
      collections[key]?.lastOperation = part.lastOperation
      collections[key]?.isPart = true
      defer { collections[key]?.putBack(at: place) }
      last = try routePoints(call, name, rest)
    }
    collections[key]?.planIndexing(at: call.now)
    return last
  }

  /// Counts under every key by itself: a point that is under several counts so often.
  private mutating func count(
    _ call: Call, _ name: String, under chosen: [Int]
  ) throws(Refusal) -> Reply {
    let key = try resolve(name)
    let whole = collections[key]
    defer { collections[key] = whole }
    collections[key]?.isPart = true
    var sum = 0
    collections[key]?.points = PointStore()
    _ = try countPoints(call, name)
    for place in chosen {
      collections[key]?.points = whole?.parts[place].points ?? PointStore()
      guard case .result(let result) = try countPoints(call, name) else { continue }
      sum += result["count"]?.integer ?? 0
    }
    return .result(["count": .integer(sum)])
  }
}

extension Collection {
  /// The places of the keys that a request names; nil when it names none that is there.
  func chosen(_ selection: JSONValue?, isWriting: Bool) throws(Refusal) -> [Int]? {
    switch selection {
    case nil, .null: return isWriting ? nil : Array(parts.indices)
    case .array(let keys):
      let found = keys.compactMap { part(of: $0) }
      return found.count == keys.count ? found : nil
    case .object(let object):
      guard let target = object["target"], let fallback = object["fallback"] else {
        throw Refusal(
          status: 400, text: "Format error in JSON body: Expected a string or an integer")
      }
      return (part(of: target) ?? part(of: fallback)).map { [$0] }
    case .some(let key): return part(of: key).map { [$0] }
    }
  }

  /// Puts what was written under a key where it belongs.
  fileprivate mutating func putBack(at place: Int) {
    isPart = false
    parts[place].points = points
    parts[place].lastOperation = lastOperation
    unite()
  }

  /// An answer whose points tell the key that they are under.
  fileprivate func decorated(_ reply: Reply, under chosen: [Int]) -> Reply {
    func record(_ value: JSONValue) -> JSONValue {
      guard var object = value.object, let id = object["id"].flatMap({ PointID($0) }),
        let place = chosen.first(where: { parts[$0].points[id] != nil })
      else { return value }
      object["shard_key"] = parts[place].key
      return .object(object)
    }
    guard case .result(let result) = reply else { return reply }
    if let list = result.array { return .result(.array(list.map(record))) }
    if var object = result.object, let list = object["points"]?.array {
      object["points"] = .array(list.map(record))
      return .result(.object(object))
    }
    return .result(record(result))
  }
}

extension Call {
  /// A member of the body, when that can be read.
  func bodyMember(_ name: String) -> JSONValue? {
    guard request.body.first != nil else { return nil }
    do throws(JSONError) { return try JSONParser.parse(request.body)[name] } catch { return nil }
  }
}
