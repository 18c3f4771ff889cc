// swift-tools-version: 6.2
import PackageDescription

// The map of modules and the arrows between them: ARCHITECTURE.md. A new arrow needs a decision record.

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

func module(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: strict)
}

func system(_ name: String, _ pkgConfig: String, _ debian: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")

let package = Package(
    name: "liaison",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "liaison", targets: ["liaison"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
    ],
    targets: [
        // C libraries: exactly one Swift module imports each.
        system("CGMime", "gmime-3.0", "libgmime-3.0-dev"),
        system("CPostgres", "libpq", "libpq-dev"),
        system("CCurl", "libcurl", "libcurl4-openssl-dev"),
        system("CGumbo", "gumbo", "libgumbo-dev"),
        system("CMarkGFM", "libcmark-gfm", "libcmark-gfm-dev"),
        system("CQREncode", "libqrencode", "libqrencode-dev"),
        system("CZlib", "zlib", "zlib1g-dev"),
        system("CSQLite", "sqlite3", "libsqlite3-dev"),
        .target(name: "CICU", linkerSettings: [.linkedLibrary("icui18n"), .linkedLibrary("icuuc")]),
        .target(name: "CLinear", linkerSettings: [.linkedLibrary("linear")]),
        .target(name: "CCLD2", linkerSettings: [.linkedLibrary("cld2")]),
        .target(name: "CSandbox", linkerSettings: [.linkedLibrary("seccomp")]),

        // Toolkits.
        module("Base", [crypto]),
        module("Storage", ["Base", "CPostgres", "CSQLite", grdb, logging]),
        module("Jobs", ["Base", "Storage", logging]),
        module("Text", ["Base", "CICU", "CCLD2", "CLinear"]),
        module("Markup", ["Base", "CGumbo", "CMarkGFM"]),
        module("Mail", ["Base", "Text", "Markup", "CGMime", "CCurl", "CSandbox", crypto, logging] + nio),
        module("Fetch", ["Base", asyncHTTPClient] + nio),
        module("Web", ["Base", "Storage", "Text", "Markup", "CZlib", hummingbird, crypto, logging]),
        module(
            "People", ["Base", "Storage", "Text", "Web", "CQREncode", hummingbird, logging, crypto, cryptoExtras]),
        module("Outbox", ["Base", "Storage", "Jobs", "Mail", "People", logging]),
        module(
            "Oncall", ["Base", "Storage", "Jobs", "Text", "Web", "People", "Outbox", hummingbird, logging]),
        module(
            "Knowledge",
            ["Base", "Storage", "Jobs", "Text", "Markup", "Web", "People", hummingbird, logging]),
        module(
            "Correspondence",
            [
                "Base", "Storage", "Jobs", "Mail", "Fetch", "Text", "Markup", "Web", "People", "Outbox", "Oncall",
                "Knowledge", hummingbird, logging,
            ]),
        module("Schema", ["Base", "Storage"]),
        module(
            "Server",
            [
                "Base", "Storage", "Jobs", "Mail", "Text", "Markup", "Web", "People", "Outbox", "Fetch", "Oncall",
                "Knowledge", "Correspondence", "Schema",
                hummingbird, hummingbirdTLS, logging, lifecycle, .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + nio),
        module(
            "Demonstration",
            ["Base", "Storage", "Jobs", "Mail", "People", "Outbox", "Oncall", "Knowledge", "Correspondence", "Server"]),
        .executableTarget(
            name: "liaison",
            dependencies: [
                "Demonstration", "Server", "Correspondence", "Knowledge", "Oncall", "People", "Storage", "Schema",
                "Mail", "Text", "Base",
                argumentParser,
                configuration,
                logging, lifecycle,
            ],
            swiftSettings: strict),

        // Tests.
        module("TestKit", ["Base", "Storage", "Schema", logging], path: "Tests/TestKit"),
        tests("Base", []),
        // A SQLite file system that forgets what was not synced when the power is cut.
        .target(name: "CPowerLoss", path: "Tests/CPowerLoss", linkerSettings: [.linkedLibrary("sqlite3")]),
        tests("Storage", ["Base", "Schema", "TestKit", "CPowerLoss", logging]),
        tests("Jobs", ["Base", "Storage", "Schema", "TestKit"]),
        tests("Text", ["Base", "TestKit"]),
        tests("Markup", []),
        tests("Mail", ["Base", "Text", "CCurl", "TestKit", "liaison"] + nio),
        tests(
            "People", ["Base", "Storage", "Jobs", "Mail", "Text", "Outbox", "Web", "Schema", "TestKit"]),
        tests("Web", ["Base", "Text", "Markup", "People", "Knowledge", "Correspondence"]),
        tests(
            "Server",
            [
                "Base", "Storage", "Web", "People", "Oncall", "Knowledge", "Correspondence", hummingbird, logging,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]),
        tests("Fetch", ["Base"] + nio),
        tests("Demonstration", ["Base", "Correspondence"]),
        tests(
            "Oncall",
            ["Base", "Storage", "Jobs", "Mail", "Text", "Web", "People", "Outbox", "Schema", "TestKit", logging]),
        tests("Knowledge", ["Base", "Storage", "Jobs", "Text", "People", "Schema", "TestKit"]),
        tests(
            "Correspondence",
            [
                "Base", "Storage", "Jobs", "Mail", "Text", "People", "Outbox", "Oncall", "Knowledge", "Schema",
                "TestKit",
            ]),
    ]
)
