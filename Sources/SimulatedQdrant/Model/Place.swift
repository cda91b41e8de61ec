import JSON

/// A place on the globe, in degrees.
struct Place {
  var longitude: Double
  var latitude: Double

  init?(_ value: JSONValue) {
    guard let longitude = value["lon"]?.double, let latitude = value["lat"]?.double else {
      return nil
    }
    self.longitude = longitude
    self.latitude = latitude
  }

  /// Whether it lies inside a box, its borders left out.
  func lies(inBox box: JSONValue) -> Bool {
    guard let upper = box["top_left"].flatMap({ Place($0) }),
      let lower = box["bottom_right"].flatMap({ Place($0) })
    else { return false }
    let isBetween =
      upper.longitude > lower.longitude
      ? longitude > upper.longitude || longitude < lower.longitude
      : upper.longitude < longitude && longitude < lower.longitude
    return isBetween && lower.latitude < latitude && latitude < upper.latitude
  }

  /// Whether it is nearer to a centre than a radius in metres.
  func lies(inCircle circle: JSONValue) -> Bool {
    guard let center = circle["center"].flatMap({ Place($0) }),
      let radius = circle["radius"]?.double
    else { return false }
    let reach = Place.sine(min(max(0, radius) / (2 * Place.earthRadius), .pi / 2))
    return squaredHalfChord(to: center) < reach * reach
  }

  /// Whether it lies inside a ring and outside the rings that are cut out of it, on a flat map.
  func lies(inPolygon polygon: JSONValue) -> Bool {
    guard let exterior = polygon["exterior"], lies(inRing: exterior) else { return false }
    return (polygon["interiors"]?.array ?? []).allSatisfy { !lies(inRing: $0) }
  }

  /// Counts the sides that are to the east: an odd number of them is inside.
  private func lies(inRing ring: JSONValue) -> Bool {
    let corners = (ring["points"]?.array ?? []).compactMap { Place($0) }
    return zip(corners, corners.dropFirst()).count { start, end in
      guard (start.latitude > latitude) != (end.latitude > latitude) else { return false }
      let share = (latitude - start.latitude) / (end.latitude - start.latitude)
      return longitude < start.longitude + share * (end.longitude - start.longitude)
    } % 2 == 1
  }

  /// Metres along the globe.
  func distance(to other: Place) -> Double {
    let chord = min(1, squaredHalfChord(to: other).squareRoot())
    return 2 * Place.earthRadius * Place.arcsine(chord)
  }

  /// The square of half the straight line between two places on a globe of radius 1.
  private func squaredHalfChord(to other: Place) -> Double {
    let degree = Double.pi / 180
    let rise = Place.sine((other.latitude - latitude) * degree / 2)
    let turn = Place.sine((other.longitude - longitude) * degree / 2)
    let width = Place.sine((90 - latitude) * degree) * Place.sine((90 - other.latitude) * degree)
    return rise * rise + width * turn * turn
  }

  /// Metres, on average.
  private static let earthRadius = 6_371_008.8

  /// The sine of an angle, by its series after whole turns were taken off.
  private static func sine(_ angle: Double) -> Double {
    let reduced = angle.remainder(dividingBy: 2 * .pi)
    var term = reduced
    var sum = reduced
    for step in 1...14 {
      let place = Double(2 * step)
      term *= -reduced * reduced / (place * (place + 1))
      sum += term
    }
    return sum
  }

  /// The angle of a sine from 0 to 1: that of the half angle, by steps of Newton.
  private static func arcsine(_ sine: Double) -> Double {
    let half = sine / (2 * (1 + max(0, 1 - sine * sine).squareRoot())).squareRoot()
    var angle = half
    for _ in 0..<8 {
      angle -= (Place.sine(angle) - half) / Place.sine(.pi / 2 - angle)
    }
    return 2 * angle
  }
}
