import JSON

/// Which points an update may write: an insertion takes a lock, a filter moves it on.
struct UpdateCondition {
  private static let modes = Choice(variants: ["upsert", "insert_only", "update_only"])

  private let mode: String?
  private let filter: PointFilter?

  init(_ body: JSONValue) throws(Refusal) {
    mode = body["update_mode"]?.string
    if let mode, UpdateCondition.modes.canonical(mode) == nil {
      let reason = UpdateCondition.modes.refusal(mode).message
      throw Refusal(status: 400, text: "Format error in JSON body: " + reason)
    }
    filter = body["update_filter"]?.object.map(PointFilter.init)
  }

  /// Whether a point may be written; the filter is about the one that is there.
  func admits(_ id: PointID, _ present: Point?) -> Bool {
    guard let present else { return mode != "update_only" }
    return mode != "insert_only" && filter?.passes(id, present) ?? true
  }
}
