// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/burrow_server.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "connectors/base/qt_text.h"
#include "tests/support/free_ports.h"
#include "tests/support/http_client.h"
#include "tests/support/process.h"

namespace weir::test {

namespace {

namespace fs = std::filesystem;

constexpr const char* program = "/usr/bin/Burrow";
constexpr int start_limit_s = 60;
constexpr int end_grace_ms = 5'000;

/// It will not start without ZooKeeper's address, but asks nothing of it where its root is "/".
std::string configuration(const std::string& kafka, const std::string& zookeeper,
                          const std::string& http, const std::string& folder) {
    return "[general]\npidfile=\"" + folder + "/burrow.pid\"\n[logging]\nlevel=\"error\"\n" +
           "[zookeeper]\nservers=[\"" + zookeeper + "\"]\nroot-path=\"/\"\n" +
           "[client-profile.test]\nkafka-version=\"2.1.0\"\n" +
           "[cluster.test]\nclass-name=\"kafka\"\nservers=[\"" + kafka +
           "\"]\nclient-profile=\"test\"\ntopic-refresh=1\noffset-refresh=1\n" +
           "[consumer.test]\nclass-name=\"kafka\"\ncluster=\"test\"\nservers=[\"" + kafka +
           "\"]\nclient-profile=\"test\"\n[httpserver.test]\naddress=\"" + http +
           "\"\n[storage.test]\nclass-name=\"inmemory\"\nintervals=10\n" +
           "[evaluator.test]\nclass-name=\"caching\"\nexpire-cache=1\n";
}

std::string loopback(int port) {
    return "127.0.0.1:" + std::to_string(port);
}

} // namespace

Result<std::unique_ptr<BurrowServer>> BurrowServer::start(const KafkaBroker& broker) {
    if (!fs::exists(program))
        return Error{.code = ErrorCode::NotFound,
                     .what = "Burrow is not installed (apt install burrow)",
                     .where = program};
    std::unique_ptr<BurrowServer> server(new BurrowServer);
    std::string folder = (fs::temp_directory_path() / "weir-burrow-XXXXXX").string();
    if (!mkdtemp(folder.data()))
        return Error{.code = ErrorCode::Io, .what = "no temporary folder", .where = folder};
    server->m_folder = folder;
    const std::vector<int> ports = free_ports(2); // nobody listens on the second
    server->m_port = ports[0];
    if (auto written =
            write_text(folder + "/burrow.toml", configuration(broker.address(), loopback(ports[1]),
                                                              loopback(server->m_port), folder));
        !written)
        return written.error();
    const std::string log = folder + "/burrow.log";
    const Result<int> pid = spawn({program, "-config-dir", folder}, log);
    if (!pid)
        return pid.error();
    server->m_pid = *pid;
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(start_limit_s);
    while (!server->ask("consumer").contains(qt("consumers"))) {
        if (!child_alive(server->m_pid) || std::chrono::steady_clock::now() > limit)
            return Error{.code = ErrorCode::Timeout,
                         .what = "Burrow does not answer: " + read_text(log),
                         .where = log};
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return server;
}

BurrowServer::~BurrowServer() {
    if (m_pid > 0)
        end_process(m_pid, SIGTERM, end_grace_ms);
    std::error_code error;
    fs::remove_all(m_folder, error);
}

QJsonObject BurrowServer::ask(const std::string& what) const {
    const auto reply = HttpClient(m_port).get("/v3/kafka/test/" + what);
    return reply ? QJsonDocument::fromJson(QByteArray::fromStdString(reply->body)).object()
                 : QJsonObject();
}

std::int64_t BurrowServer::end_of(const std::string& topic) const {
    return ask("topic/" + topic).value(qt("offsets")).toArray().at(0).toInteger(-1);
}

std::int64_t BurrowServer::committed(const std::string& group, const std::string& topic) const {
    const QJsonArray newest_last = ask("consumer/" + group)
                                       .value(qt("topics"))[qt(topic)]
                                       .toArray()
                                       .at(0)[qt("offsets")]
                                       .toArray();
    return newest_last.last()[qt("offset")].toInteger(-1);
}

std::string BurrowServer::verdict(const std::string& group, const std::string& topic) const {
    const QJsonArray partitions =
        ask("consumer/" + group + "/lag").value(qt("status"))[qt("partitions")].toArray();
    for (const QJsonValue& one : partitions)
        if (one[qt("topic")].toString() == qt(topic))
            return one[qt("status")].toString().toStdString();
    return {};
}

} // namespace weir::test
