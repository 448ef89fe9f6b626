// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_broker.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <sstream>
#include <thread>
#include <unistd.h>
#include <vector>

#include "tests/support/kafka_settings.h"
#include "tests/support/process.h"
#include "tests/support/source_path.h"

namespace weir::test {
namespace fs = std::filesystem;
namespace {

constexpr int start_limit_s = 120; // a machine that builds on all its cores is slow
constexpr std::size_t log_tail_bytes = 8000;
const char* const state_magic = "weir-test-broker 1";

std::string script(const char* name) {
    return source_path("tests/support/kafka/").append(name);
}

std::string wanted_version(const std::string& asked) {
    if (!asked.empty())
        return asked;
    const char* version = std::getenv("WEIR_KAFKA_VERSION");
    return version && *version ? version : "4.1.0";
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> result;
    for (std::string word; in >> word;)
        result.push_back(word);
    return result;
}

/// A random id as Kafka writes them: 16 bytes in base64 with the URL alphabet, 22 characters.
std::string random_id() {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    std::random_device device;
    std::string id;
    for (int i = 0; i < 21; ++i)
        id += alphabet[device() % (sizeof alphabet - 1)];
    return id + "A"; // the last character holds 2 bits of data; the rest must be 0
}

} // namespace

std::string unique_name(const std::string& prefix) {
    static std::atomic<int> count{0};
    return prefix + "-" + std::to_string(getpid()) + "-" + std::to_string(++count);
}

Result<std::string> KafkaBroker::jars(const std::string& version) {
    Result<std::string> printed = run({"/bin/sh", script("fetch.sh"), version});
    if (!printed)
        return printed.error();
    return first_line(*printed);
}

namespace {

Result<std::string> run_class(const std::string& jars, const std::string& main_class,
                              const std::vector<std::string>& arguments) {
    std::vector<std::string> command = {"java",
                                        "-Xmx256m",
                                        "-XX:+UseSerialGC",
                                        "-XX:TieredStopAtLevel=1",
                                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                                        "-cp",
                                        jars + "/*",
                                        main_class};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run(command, start_limit_s);
}

} // namespace

Result<std::string> KafkaBroker::run_java(const std::string& main_class,
                                          const std::vector<std::string>& arguments) const {
    return run_class(m_jars, main_class, arguments);
}

Result<std::string> KafkaBroker::tools() const {
    const Result<std::string> printed =
        run({"/bin/sh", script("fetch.sh"), m_version, "kafka-tools"});
    if (!printed)
        return printed.error();
    return first_line(*printed);
}

Result<std::string> KafkaBroker::run_tool(const std::string& main_class,
                                          const std::vector<std::string>& arguments) const {
    const Result<std::string> folder = tools();
    if (!folder)
        return folder.error();
    return run_class(*folder, main_class, arguments);
}

Result<std::unique_ptr<KafkaBroker>> KafkaBroker::start() {
    return start(Options{});
}

Result<std::unique_ptr<KafkaBroker>> KafkaBroker::start(const Options& options) {
    std::unique_ptr<KafkaBroker> broker(new KafkaBroker);
    broker->m_options = options;
    broker->m_version = wanted_version(options.version);
    broker->m_owned = true;
    if (Result<void> prepared = broker->prepare(); !prepared)
        return prepared.error();
    Result<void> launched = broker->launch();
    // A port may have been taken by a stranger between being found and being used.
    for (int attempt = 0; !launched && attempt < 3 && broker->port_was_taken(); ++attempt) {
        broker->m_ports = choose_ports();
        if (Result<void> written = broker->write_properties(); !written)
            return written.error();
        launched = broker->launch();
    }
    if (!launched)
        return launched.error();
    return broker;
}

KafkaBroker& KafkaBroker::shared() {
    static const std::unique_ptr<KafkaBroker> broker = [] {
        const char* state = std::getenv("WEIR_TEST_BROKER_STATE");
        Result<std::unique_ptr<KafkaBroker>> found =
            state && fs::exists(state) ? attach(state) : start();
        if (!found) {
            std::fprintf(stderr, "no Kafka broker: %s\n", found.error().text().c_str());
            std::_Exit(1);
        }
        return std::move(found).value();
    }();
    return *broker;
}

Result<void> KafkaBroker::prepare() {
    Result<std::string> jars_folder = jars(m_version);
    if (!jars_folder)
        return jars_folder.error();
    m_jars = *jars_folder;
    std::string pattern = (fs::temp_directory_path() / "weir-kafka-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
        return Error{.code = ErrorCode::Io, .what = "no temporary folder", .where = pattern};
    m_folder = pattern;
    m_cluster_id = random_id();
    m_ports = choose_ports();
    fs::create_directories(m_folder + "/certificates");
    if (auto made = run({"/bin/sh", script("certificates.sh"), m_folder + "/certificates"}); !made)
        return made.error();
    if (Result<void> written = write_properties(); !written)
        return written;
    return format_storage();
}

Result<void> KafkaBroker::write_properties() const {
    return write_text(m_folder + "/server.properties",
                      server_properties(m_folder, m_ports, m_options.properties));
}

// Formatting takes a JVM and a second or two, so its result is kept beside the jars and copied;
// only the ids in meta.properties differ from broker to broker.
Result<void> KafkaBroker::format_storage() const {
    const std::string kept = m_jars + "-formatted-" + std::to_string(users_version);
    const std::string data = m_folder + "/data";
    if (!fs::exists(kept)) {
        std::vector<std::string> arguments = {"format", "--config", m_folder + "/server.properties",
                                              "--cluster-id", m_cluster_id};
        for (const std::string& credential : scram_credentials()) {
            arguments.push_back("--add-scram");
            arguments.push_back(credential);
        }
        if (auto formatted = run_java("kafka.tools.StorageTool", arguments); !formatted)
            return formatted.error();
        std::error_code error;
        const std::string part = kept + "." + std::to_string(getpid());
        fs::copy(data, part, fs::copy_options::recursive, error);
        fs::rename(part, kept, error);
        fs::remove_all(part, error);
        return {};
    }
    fs::copy(kept, data, fs::copy_options::recursive);
    std::istringstream lines(read_text(data + "/meta.properties"));
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("cluster.id=", 0) == 0)
            line = "cluster.id=" + m_cluster_id;
        else if (line.rfind("directory.id=", 0) == 0)
            line = "directory.id=" + random_id();
        text += line + "\n";
    }
    return write_text(data + "/meta.properties", text);
}

Result<void> KafkaBroker::launch() {
    std::error_code none;
    const auto known = fs::exists(log_file()) ? fs::file_size(log_file(), none) : 0;
    std::vector<std::string> command = {"java"};
    for (const std::string& option : words(m_options.java_options))
        command.push_back(option);
    for (const char* option :
         {"-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
          "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
          "-Dorg.slf4j.simpleLogger.showDateTime=true", "-Djava.awt.headless=true", "-cp"})
        command.push_back(option);
    command.push_back(m_jars + "/*");
    command.push_back("kafka.Kafka");
    command.push_back(m_folder + "/server.properties");
    Result<int> pid = spawn(command, log_file());
    if (!pid)
        return pid.error();
    m_pid = *pid;
    using namespace std::chrono;
    const auto limit = steady_clock::now() + seconds(start_limit_s);
    while (steady_clock::now() < limit) {
        if (read_text(log_file()).find("Kafka Server started", known) != std::string::npos)
            return {};
        if (!child_alive(m_pid)) {
            m_pid = 0;
            return Error{.code = ErrorCode::Internal,
                         .what = "the broker ended at once: " + log_tail(),
                         .where = log_file()};
        }
        std::this_thread::sleep_for(milliseconds(50));
    }
    kill();
    return Error{.code = ErrorCode::Timeout,
                 .what = "the broker did not start: " + log_tail(),
                 .where = log_file()};
}

KafkaBroker::~KafkaBroker() {
    if (!m_owned)
        return;
    if (m_pid > 0)
        kill();
    std::error_code error;
    if (!m_folder.empty() && !std::getenv("WEIR_TEST_KEEP"))
        fs::remove_all(m_folder, error);
}

std::string KafkaBroker::records_file(const std::string& topic, int partition) const {
    return m_folder + "/data/" + topic + "-" + std::to_string(partition) +
           "/00000000000000000000.log";
}

void KafkaBroker::kill() {
    if (m_owned && m_pid > 0)
        end_process(m_pid, SIGKILL, 10000);
    m_pid = 0;
}

void KafkaBroker::stop() {
    if (m_owned && m_pid > 0)
        end_process(m_pid, SIGTERM, 30000);
    m_pid = 0;
}

void KafkaBroker::pause() {
    if (m_owned && m_pid > 0)
        ::kill(m_pid, SIGSTOP);
}

void KafkaBroker::resume() {
    if (m_owned && m_pid > 0)
        ::kill(m_pid, SIGCONT);
}

Result<void> KafkaBroker::restart() {
    if (!m_owned)
        return Error{.code = ErrorCode::Usage, .what = "the shared broker is not ours to restart"};
    stop();
    Result<void> launched = launch();
    for (int attempt = 0; !launched && attempt < 5 && port_was_taken(); ++attempt) {
        std::this_thread::sleep_for(std::chrono::seconds(1));
        launched = launch();
    }
    return launched;
}

bool KafkaBroker::port_was_taken() const {
    return log_tail().find("Address already in use") != std::string::npos;
}

std::string KafkaBroker::address(Listener listener) const {
    const auto found = m_ports.find(listener_name(listener));
    return "127.0.0.1:" + std::to_string(found == m_ports.end() ? 0 : found->second);
}

std::string KafkaBroker::certificate(const std::string& file) const {
    return m_folder + "/certificates/" + file;
}

std::string KafkaBroker::log_tail() const {
    const std::string text = read_text(log_file());
    return text.size() > log_tail_bytes ? text.substr(text.size() - log_tail_bytes) : text;
}

kafka::ConnectionOptions KafkaBroker::connection(Listener listener, const std::string& user) const {
    kafka::ConnectionOptions options;
    options.name = "test-kafka";
    options.bootstrap = address(listener);
    set_security(options.security, listener, user, m_folder + "/certificates");
    return options;
}

Result<void> KafkaBroker::write_state(const std::string& state_file) const {
    std::ostringstream text;
    text << state_magic << "\nversion " << m_version << "\njars " << m_jars << "\nfolder "
         << m_folder << "\ncluster " << m_cluster_id << "\n";
    for (const auto& [name, port] : m_ports)
        text << "port " << name << " " << port << "\n";
    const std::string part = state_file + ".part";
    if (Result<void> written = write_text(part, text.str()); !written)
        return written;
    std::error_code error;
    fs::rename(part, state_file, error);
    if (error)
        return Error{.code = ErrorCode::Io, .what = error.message(), .where = state_file};
    return {};
}

Result<std::unique_ptr<KafkaBroker>> KafkaBroker::attach(const std::string& state_file) {
    std::istringstream lines(read_text(state_file));
    std::string line;
    if (!std::getline(lines, line) || line != state_magic)
        return Error{
            .code = ErrorCode::Corrupt, .what = "not a broker's state", .where = state_file};
    std::unique_ptr<KafkaBroker> broker(new KafkaBroker);
    while (std::getline(lines, line)) {
        const std::size_t space = line.find(' ');
        const std::string key = line.substr(0, space);
        const std::string value = line.substr(space + 1);
        if (key == "version")
            broker->m_version = value;
        else if (key == "jars")
            broker->m_jars = value;
        else if (key == "folder")
            broker->m_folder = value;
        else if (key == "cluster")
            broker->m_cluster_id = value;
        else if (key == "port")
            broker->m_ports[value.substr(0, value.find(' '))] =
                std::stoi(value.substr(value.find(' ') + 1));
    }
    return broker;
}

} // namespace weir::test
