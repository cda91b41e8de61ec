import JSON

/// How many more operations strict mode lets through; it fills up again over a minute.
struct TokenBucket: Sendable {
  private let limit: Double
  private var tokens: Double
  /// Seconds since 1970.
  private var filledAt: Double

  init(perMinute limit: Int, at now: Double) {
    self.limit = Double(limit)
    tokens = Double(limit)
    filledAt = now
  }

  func allows(_ perMinute: Int) -> Bool { limit == Double(perMinute) }

  /// Takes tokens for an operation; refuses it when there are too few.
  ///
  /// - Parameter kind: `Read` or `Write`.
  mutating func take(
    _ count: Int, at now: Double, _ kind: String, _ behaviours: Behaviours
  ) throws(Refusal) {
    let cost = Double(count)
    let text = "Rate limiting exceeded: \(kind) rate limit exceeded"
    guard cost <= limit else {
      throw Refusal(
        status: 429,
        text: text + ", request \(behaviours.largerThan) rate limiter capacity, "
          + "please try to split your request")
    }
    tokens = min(limit, tokens + max(0, now - filledAt) * limit / 60)
    filledAt = now
    guard tokens >= cost else {
      let wait = Int(((cost - tokens) * 60 / limit).rounded(.up))
      let left = (tokens * 100).rounded(.down) / 100
      throw Refusal(
        status: 429,
        text: text + ": Operation requires \(count) tokens but only "
          + "\(WireNumber.text(of: left)) were available. Retry after \(wait)s",
        headers: [("retry-after", String(wait))])
    }
    tokens -= cost
  }
}

/// The rates at which a collection is read and written since the process started.
struct RateLimits: Sendable {
  private var buckets: [String: TokenBucket] = [:]

  /// Takes tokens of the rule `read_rate_limit` or `write_rate_limit` while it is set.
  mutating func take(
    _ count: @autoclosure () -> Int, _ kind: String, _ strictMode: JSONObject?,
    _ behaviours: Behaviours, at now: Double
  ) throws(Refusal) {
    let rule = kind.lowercased() + "_rate_limit"
    guard let limit = strictMode?[rule]?.integer else {
      buckets[rule] = nil
      return
    }
    var bucket = buckets[rule] ?? TokenBucket(perMinute: limit, at: now)
    if !bucket.allows(limit) { bucket = TokenBucket(perMinute: limit, at: now) }
    defer { buckets[rule] = bucket }
    try bucket.take(count(), at: now, kind, behaviours)
  }
}

extension Collection {
  /// What an update costs: as much as points that it touches.
  func writeCost(_ body: JSONValue) -> Int {
    if let points = body["points"]?.array { return points.count }
    return body["filter"].map { max(1, matching($0).count) } ?? 1
  }
}

extension Call {
  /// What a read costs: one for each search or point that is asked for, and for each condition.
  var readCost: Int {
    guard isMethod("POST"), let body = try? JSONParser.parse(request.body) else { return 1 }
    if let ids = body["ids"]?.array { return ids.count }
    let searches = body["searches"]?.array ?? [body]
    return searches.reduce(0) { sum, search in
      sum + 1 + (search["filter"].map { Filter.conditions(of: $0).count } ?? 0)
    }
  }
}
