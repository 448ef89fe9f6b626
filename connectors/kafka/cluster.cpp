// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/cluster.h"

#include <algorithm>

#include "connectors/base/observed_ids.h"
#include "connectors/kafka/client/explain.h"
#include "connectors/kafka/observer.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/sandbox_marker.h"

namespace weir::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto watch_step = 100ms;
constexpr auto probe_wait = 500ms;
constexpr std::chrono::milliseconds first_slice = 250ms;
constexpr auto probe_pause = 1s;
constexpr auto marker_wait = 5s;

/// Of a client that reads single records only: no more than a batch is fetched at once. With few
/// messages allowed in its queue, one partition's batch would hold the others up: librdkafka below
/// 2.2 looks again after a second.
std::map<std::string, std::string> look_settings() {
    return {{"fetch.message.max.bytes", "1024"}, {"queued.min.messages", "10000000"}};
}

} // namespace

// ---- health

HealthBoard::HealthBoard(ConnectionOptions options)
    : m_options(std::move(options)) {
    m_health.since = Micros::now();
}

Health HealthBoard::read() const {
    const std::lock_guard lock(m_mutex);
    return m_health;
}

void HealthBoard::answered(Micros at) {
    const std::lock_guard lock(m_mutex);
    m_health.last_contact = std::max(m_health.last_contact, at);
    if (at <= m_failed)
        return;
    if (m_health.state == Health::State::Up)
        return;
    m_health.state = Health::State::Up;
    m_health.since = m_health.last_contact;
    m_health.trouble.clear();
    m_cause.reset();
    m_refused_since.reset();
    m_hopeless = false;
}

void HealthBoard::failed(ErrorCode code, const std::string& why, bool nobody) {
    const bool known = read().last_contact.value() >= 0;
    const auto [error, lasting, refused] = explain(m_options, code, why, known);
    const auto state = error.code == ErrorCode::Authentication ? Health::State::AuthenticationFailed
                                                               : Health::State::Down;
    const std::lock_guard lock(m_mutex);
    m_failed = Micros::now();
    const Micros contact = m_health.last_contact;
    if (contact.value() >= 0)
        m_health.since = contact; // not only since it was noticed
    else if (m_health.state != state)
        m_health.since = Micros::now();
    m_health.state = state;
    m_cause = error;
    m_hopeless = lasting && nobody;
    if (!refused || !nobody || m_health.last_contact.value() >= 0)
        m_refused_since.reset();
    else if (!m_refused_since)
        m_refused_since = std::chrono::steady_clock::now();
    m_health.trouble = error.text() + (error.advice.empty() ? "; c" : " C") +
                       "onnecting again, at most " + std::to_string(reconnect_wait_ms_max / 1000) +
                       " s between attempts";
}

void HealthBoard::limps(ErrorCode code, const std::string& why) {
    const Error error = explain(m_options, code, why).error;
    const std::lock_guard lock(m_mutex);
    if (m_health.state != Health::State::Up)
        return;
    m_cause = error;
    m_health.trouble = error.text();
}

std::optional<Error> HealthBoard::cause() const {
    const std::lock_guard lock(m_mutex);
    return m_cause;
}

bool HealthBoard::hopeless() const {
    const std::lock_guard lock(m_mutex);
    return m_hopeless || (m_refused_since &&
                          std::chrono::steady_clock::now() - *m_refused_since >= refused_patience);
}

// ---- cluster

ObservedCluster::ObservedCluster(ConnectionOptions options, SecretResolver secrets)
    : m_options(std::move(options))
    , m_secrets(std::move(secrets))
    , m_in_process(EmbeddedCluster::is_embedded(m_options.bootstrap))
    , m_board(m_options)
    , m_budget(m_options.read_budget_mb_s) {}

ObservedCluster::~ObservedCluster() {
    m_stop = true;
    if (!m_watcher.joinable())
        return;
    const QueueHandle queue(rd_kafka_queue_get_main(m_client.get()));
    rd_kafka_queue_yield(queue.get());
    m_watcher.join();
}

Result<void> ObservedCluster::start() {
    auto made = new_client(look_settings());
    if (!made)
        return made.error();
    m_client = std::move(made).value();
    m_watcher = std::thread([this] { watch(); });
    return {};
}

Result<rd_kafka_t*> ObservedCluster::committed_client() {
    const std::lock_guard lock(m_committed_mutex);
    if (!m_committed) {
        auto made = new_client(look_settings(), Isolation::ReadCommitted);
        if (!made)
            return made.error();
        m_committed = std::move(made).value();
    }
    drain_events(m_committed.get(), std::chrono::milliseconds(0)); // m_client tells of troubles
    return m_committed.get();
}

Result<Client> ObservedCluster::new_client(const std::map<std::string, std::string>& settings,
                                           Isolation isolation) {
    Client::Settings with;
    with.settings = settings;
    with.settings.emplace("reconnect.backoff.max.ms", std::to_string(reconnect_wait_ms_max));
    with.fixed = {
        {"enable.partition.eof", "true"},
        {"isolation.level",
         isolation == Isolation::ReadCommitted ? "read_committed" : "read_uncommitted"},
    };
    return Client::observe(m_options, m_secrets, with);
}

Result<Client> ObservedCluster::new_listening_client(std::function<void(const char* line)> listen) {
    Client::Settings with;
    with.fixed = {{"debug", "feature"}, {"log_level", "7"}, {"enable.sparse.connections", "false"}};
    with.listen = std::move(listen);
    return Client::observe(m_options, m_secrets, with);
}

bool ObservedCluster::embedded(Deadline deadline) const {
    if (m_in_process)
        return true;
    for (auto slice = first_slice;; slice *= 2) {
        const bool answered = m_board.read().last_contact.value() >= 0;
        const auto wait = std::min(slice, remaining(deadline));
        char* id = rd_kafka_clusterid(m_client.get(), static_cast<int>(wait.count()));
        if (id != nullptr) {
            const bool mock = EmbeddedCluster::is_id(id);
            rd_kafka_mem_free(m_client.get(), id);
            return mock;
        }
        // One that has answered without an id is an old broker.
        if (answered || m_board.hopeless() || std::chrono::steady_clock::now() >= deadline)
            return false;
    }
}

Result<std::string> ObservedCluster::cluster_id(std::chrono::milliseconds timeout) {
    const std::lock_guard lock(m_id_mutex);
    if (!m_id.empty())
        return m_id;
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    char* id = nullptr;
    for (auto slice = first_slice; id == nullptr; slice *= 2) {
        const auto wait = std::min(slice, remaining(deadline));
        id = rd_kafka_clusterid(m_client.get(), static_cast<int>(wait.count()));
        if (id == nullptr && (m_board.hopeless() || std::chrono::steady_clock::now() >= deadline))
            return unanswered(RD_KAFKA_RESP_ERR__TIMED_OUT, "the cluster's id did not come");
    }
    const std::string answered = id;
    rd_kafka_mem_free(m_client.get(), id);
    m_board.answered();
    if (auto noted = note_observed(answered); !noted)
        return noted.error();
    m_id = answered;
    return m_id;
}

/// Law 6: what was once observed as production or staging is never written to.
Result<void> ObservedCluster::note_observed(const std::string& id) {
    if (is_sandbox())
        return {};
    const ObservedIds observed;
    // To look at a marked sandbox by its address only must not close it for ever; nor must a look
    // that failed, where this user has marked it before.
    if (m_options.environment_assumed) {
        const MarkerSight marker = look_for_marker(*this, id, marker_wait);
        if (marker == MarkerSight::There)
            return {};
        const auto own = observed.marked_sandboxes().find(id);
        if (marker == MarkerSight::Unknown && own && !own->id.empty())
            return {};
    }
    return observed.record({id, m_options.name, m_options.environment, Micros::now()});
}

void ObservedCluster::note_before_reading(std::chrono::milliseconds timeout) {
    if (is_sandbox())
        return;
    // A search opens many readers: what has failed before is tried again, but not waited for.
    const auto id = cluster_id(not_noted() ? 1ms : timeout);
    const std::lock_guard lock(m_not_noted_mutex);
    m_not_noted = id ? std::nullopt : std::optional(id.error());
}

std::optional<Error> ObservedCluster::not_noted() const {
    const std::lock_guard lock(m_not_noted_mutex);
    return m_not_noted;
}

Error ObservedCluster::unanswered(rd_kafka_resp_err_t err, const std::string& what,
                                  const std::string& tried) const {
    Error error = kafka_error(err, what, m_options.name, tried);
    const bool silence = error.code == ErrorCode::Connection || error.code == ErrorCode::Timeout;
    std::optional<Error> cause = silence ? m_board.cause() : std::nullopt;
    const bool ever = m_board.read().last_contact.value() >= 0;
    if (!cause && silence && !ever) { // not even a refusal
        error.code = ErrorCode::Timeout;
        error.what = "nobody answers at " + m_options.bootstrap + "; so " + what;
        error.advice = "Check the address, the network and firewalls.";
    }
    if (!cause)
        return error;
    cause->what += "; so " + what;
    return *cause;
}

void ObservedCluster::tell_failed(const ClientTrouble& trouble) {
    const std::string own = m_client.trouble();
    m_board.failed(error_code_of(trouble.code), own.empty() ? trouble.text : own, trouble.all_down);
}

void ObservedCluster::watch() {
    auto next_probe = std::chrono::steady_clock::now();
    bool suspicious = true; // until a first answer came
    ClientTrouble last;
    while (!m_stop) {
        const ClientTrouble trouble = drain_events(m_client.get(), watch_step);
        if (trouble.code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            suspicious = true;
            const bool down = last.all_down || trouble.all_down;
            // "All brokers are down" says less than what came before it.
            if (trouble.code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || last.text.empty())
                last = trouble;
            last.all_down = down;
            // Where nobody ever answered, what they say needs no second opinion.
            if (down && m_board.read().last_contact.value() < 0)
                tell_failed(last);
        }
        // A closed idle connection is no outage: only a question that stays unanswered is.
        if (!suspicious || m_stop || std::chrono::steady_clock::now() < next_probe)
            continue;
        if (auto answer = fetch_metadata(m_client.get(), nullptr, m_options.name, probe_wait)) {
            m_board.answered();
            // The cluster answers, but not all of it can be reached under the name it goes by.
            if (last.code == RD_KAFKA_RESP_ERR__RESOLVE)
                m_board.limps(error_code_of(last.code), last.text);
            suspicious = false;
            last = {};
            (void)cluster_id(probe_wait); // so that it is noted, asked for or not
        } else if (last.code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            tell_failed(last);
        }
        next_probe = std::chrono::steady_clock::now() + probe_pause;
    }
}

Result<std::shared_ptr<Cluster>> Cluster::open(ConnectionOptions options, SecretResolver secrets) {
    auto cluster = std::make_shared<ObservedCluster>(std::move(options), std::move(secrets));
    if (auto started = cluster->start(); !started)
        return started.error();
    return std::shared_ptr<Cluster>(std::move(cluster));
}

// ---- for the rest of connectors/kafka

std::chrono::milliseconds remaining(Deadline deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    return std::max(1ms, left);
}

int remaining_ms(Deadline deadline) {
    return static_cast<int>(std::min(remaining(deadline), std::chrono::milliseconds(1h)).count());
}

ObservedCluster* observed(Cluster& cluster) {
    return dynamic_cast<ObservedCluster*>(&cluster);
}

Result<MetadataHandle> fetch_metadata(rd_kafka_t* client, const char* topic,
                                      const std::string& connection,
                                      std::chrono::milliseconds timeout) {
    // librdkafka 2.0.2 allows the broker to create topics when it is asked for "the topics known
    // here" and all of them are cached; so it is only ever asked for one topic, or for all.
    TopicHandle handle(topic ? rd_kafka_topic_new(client, topic, nullptr) : nullptr);
    const rd_kafka_metadata_t* found = nullptr;
    const rd_kafka_resp_err_t err = rd_kafka_metadata(client, topic ? 0 : 1, handle.get(), &found,
                                                      static_cast<int>(timeout.count()));
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return kafka_error(err, "the topics could not be listed", connection);
    return MetadataHandle(found);
}

Result<MetadataHandle> ask_metadata(ObservedCluster& cluster, const char* topic,
                                    std::chrono::steady_clock::time_point deadline,
                                    const std::stop_token& stop) {
    for (auto slice = first_slice;; slice *= 2) {
        const auto wait = std::min(slice, remaining(deadline));
        auto fetched = fetch_metadata(cluster.client(), topic, cluster.options().name, wait);
        if (fetched)
            return fetched;
        if (cluster.board().hopeless() || stop.stop_requested() ||
            std::chrono::steady_clock::now() >= deadline) {
            const bool late = fetched.error().code == ErrorCode::Timeout;
            return cluster.unanswered(late ? RD_KAFKA_RESP_ERR__TIMED_OUT
                                           : RD_KAFKA_RESP_ERR__TRANSPORT,
                                      topic ? std::string("topic ") + topic + " was not looked up"
                                            : "the topics were not listed");
        }
    }
}

ClientTrouble drain_events(rd_kafka_t* client, std::chrono::milliseconds wait) {
    const QueueHandle queue(rd_kafka_queue_get_main(client));
    ClientTrouble worst;
    int wait_ms = static_cast<int>(wait.count());
    while (const EventHandle event{rd_kafka_queue_poll(queue.get(), wait_ms)}) {
        wait_ms = 0;
        const rd_kafka_resp_err_t code = rd_kafka_event_error(event.get());
        if (rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_ERROR)
            continue;
        worst.all_down = worst.all_down || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
        // "All brokers are down" says less than the broker's own trouble that came before it.
        if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && worst.code != RD_KAFKA_RESP_ERR_NO_ERROR)
            continue;
        if (worst.code == RD_KAFKA_RESP_ERR__AUTHENTICATION)
            continue;
        worst.code = code;
        worst.text = rd_kafka_event_error_string(event.get());
    }
    return worst;
}

} // namespace weir::kafka
