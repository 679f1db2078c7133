// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
  // One thread: the tests, which are debug builds, check exclusive access; a release does not pay for it.
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

// A program begins in the function `NAME_main`, which the linker makes C's `main`: arguments come from there, and not
// from /proc, which a chroot may lack.
let programs = settings + [.unsafeFlags(["-parse-as-library"])]

let package = Package(
  name: "upon",
  products: [
    .executable(name: "upon", targets: ["upon"]),
    .executable(name: "uponctl", targets: ["uponctl"]),
  ],
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")],
  targets: [
    .systemLibrary(
      name: "CLibevent", pkgConfig: "libevent_core",
      providers: [.apt(["libevent-dev"]), .brew(["libevent"])]),
    .systemLibrary(
      name: "CPCRE2", pkgConfig: "libpcre2-8",
      providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),
    .systemLibrary(
      name: "CJansson", pkgConfig: "jansson",
      providers: [.apt(["libjansson-dev"]), .brew(["jansson"])]),
    .target(name: "CSystem", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror", "-gdwarf-4"])]),
    .target(name: "Platform", dependencies: ["CSystem"], swiftSettings: settings),
    .target(name: "EventLoop", dependencies: ["CLibevent", "Platform"], swiftSettings: settings),
    .target(name: "JSON", dependencies: ["CJansson"], swiftSettings: settings),
    .target(name: "Schedule", dependencies: ["Platform"], swiftSettings: settings),
    .target(name: "FileEvents", dependencies: ["EventLoop", "Platform"], swiftSettings: settings),
    .target(
      name: "UponCore",
      dependencies: ["EventLoop", "FileEvents", "JSON", "Platform", "Schedule", "CPCRE2"],
      swiftSettings: settings
    ),
    .executableTarget(name: "upon", dependencies: ["UponCore"], swiftSettings: programs),
    .executableTarget(
      name: "uponctl",
      dependencies: [
        "UponCore", "JSON", "Platform",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: programs),
    .target(name: "CompletionScripts", dependencies: ["UponCore"], swiftSettings: settings),
    .testTarget(name: "EventLoopTests", dependencies: ["EventLoop", "Platform"], swiftSettings: settings),
    .target(
      name: "CBruteForce", path: "Tests/CBruteForce",
      cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]),
    .testTarget(
      name: "ScheduleTests", dependencies: ["Schedule", "CBruteForce"], swiftSettings: settings),
    .testTarget(
      name: "FileEventsTests", dependencies: ["FileEvents", "EventLoop", "Platform"], exclude: ["fuzz.py"],
      swiftSettings: settings),
    .testTarget(name: "UponCoreTests", dependencies: ["UponCore", "JSON"], swiftSettings: settings),
    .testTarget(name: "WallsTests", swiftSettings: settings),
    .target(name: "CTestSupport", path: "Tests/CTestSupport"),
    .testTarget(
      name: "UponTests", dependencies: ["EventLoop", "UponCore", "CompletionScripts", "CTestSupport"],
      swiftSettings: settings),
  ]
)
