// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/session.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "connectors/secrets/secrets.h"
#include "models/contract/contract_disclosure.h"
#include "models/event/disclosure/tokeniser.h"
#include "models/invalid/invalid_stages.h"
#include "models/latency/latency_stages.h"

namespace weir {
namespace {

/// Which fold of an observation is which.
enum FoldIndex : std::size_t { fold_events, fold_versions, fold_latency, fold_flow, fold_invalid };

/// Every place that a stage reads or writes, in the order of the stages.
std::vector<std::string> places_of(const std::vector<StageSpec>& stages) {
    std::vector<std::string> places;
    const auto add = [&](const std::string& place) {
        if (!place.empty() && std::find(places.begin(), places.end(), place) == places.end())
            places.push_back(place);
    };
    for (const StageSpec& stage : stages) {
        std::for_each(stage.inputs.begin(), stage.inputs.end(), add);
        std::for_each(stage.outputs.begin(), stage.outputs.end(), add);
        add(stage.dead_letter);
    }
    return places;
}

DecodeOptions decode_options(const Workspace& workspace, const std::string& connection) {
    DecodeOptions options;
    options.connection = connection;
    options.dialect = workspace.event.dialect;
    options.dimension_paths.assign(workspace.event.dimension_paths.begin(),
                                   workspace.event.dimension_paths.end());
    for (const auto& [topic, place] : workspace.event.places)
        options.places.push_back({topic, place.dialect, place.id_paths, place.dead_letters});
    for (const StageSpec& stage : workspace.stages) {
        const auto known = [&](const PlaceDecoding& p) { return p.place == stage.dead_letter; };
        if (!stage.dead_letter.empty() &&
            std::none_of(options.places.begin(), options.places.end(), known))
            options.places.push_back({stage.dead_letter, "", {}, true});
    }
    return options;
}

std::shared_ptr<const DisclosurePolicy>
masked_by(MaskingPolicy policy,
          const std::function<std::shared_ptr<const DisclosurePolicy>()>& by_contracts) {
    switch (policy) {
    case MaskingPolicy::None:
        return DisclosurePolicy::none();
    case MaskingPolicy::Detectors:
        return DisclosurePolicy::built_in_detectors();
    case MaskingPolicy::Contracts:
    case MaskingPolicy::Default:
        break;
    }
    return by_contracts();
}

/// Where the values of dimensions come from, for those that are personal.
std::vector<std::pair<std::string, std::vector<std::string>>>
dimension_sources(const Workspace& workspace, const Vocabulary& vocabulary,
                  const DialectSet& dialects) {
    std::vector<std::pair<std::string, std::vector<std::string>>> sources;
    for (const std::string& name : vocabulary.dimension_names) {
        std::vector<std::string> paths = dialects.paths(name);
        if (const auto own = workspace.event.dimension_paths.find(name);
            own != workspace.event.dimension_paths.end())
            paths.insert(paths.end(), own->second.begin(), own->second.end());
        sources.emplace_back(name, std::move(paths));
    }
    return sources;
}

class OpenSession : public Session {
  public:
    OpenSession(Workspace workspace, SessionOptions options,
                std::shared_ptr<const DialectSet> dialects,
                std::unique_ptr<ContractKeeper> contracts)
        : m_options(options)
        , m_workspace(std::move(workspace))
        , m_vocabulary(Vocabulary::create(m_workspace.event.dimensions))
        , m_dialects(std::move(dialects))
        , m_contracts(std::move(contracts)) {}

    const Workspace& workspace() const override { return m_workspace; }
    std::shared_ptr<Vocabulary> vocabulary() const override { return m_vocabulary; }
    std::shared_ptr<const DialectSet> dialects() const override { return m_dialects; }
    std::shared_ptr<const LoadedContracts> contracts() const override {
        return m_contracts->current();
    }

    Result<std::shared_ptr<kafka::Cluster>> cluster(const std::string& connection) override;
    std::vector<std::shared_ptr<kafka::Cluster>> clusters() const override;
    std::shared_ptr<kafka::EmbeddedCluster> embedded() const override {
        const std::lock_guard lock(m_mutex);
        return m_embedded;
    }

    std::unique_ptr<Decoder> make_decoder(const std::string& connection) const override {
        return Decoder::create(m_dialects, m_vocabulary, decode_options(m_workspace, connection));
    }
    std::unique_ptr<EventChecker> make_checker() const override {
        return std::make_unique<EventChecker>(m_contracts->current()->set, m_workspace.contracts,
                                              m_vocabulary, m_dialects);
    }
    InvalidOptions invalid_book(const std::string& connection) const override;
    std::shared_ptr<const DisclosurePolicy>
    disclosure(const std::string& connection) const override;
    std::uint64_t disclosure_revision() const override {
        const std::lock_guard lock(m_mutex);
        return m_unmasked_revision + m_contracts->current()->revision;
    }
    Result<std::shared_ptr<const DisclosurePolicy>>
    tokenised(const std::string& connection) const override;
    Result<void> unmask(const std::string& connection, const std::string& reason) override;
    std::shared_ptr<const Unmasking> mask_again(const std::string& connection) override;
    std::shared_ptr<const Unmasking> unmasking(const std::string& connection) const override {
        const std::lock_guard lock(m_mutex);
        const auto known = m_unmasked.find(connection);
        return known == m_unmasked.end() ? nullptr : known->second;
    }

    Result<void> start_live(const std::string& connection, kafka::ReadRequest request,
                            std::chrono::milliseconds timeout) override;
    void stop_live() override {
        std::map<std::string, std::shared_ptr<const Observation>> ended;
        const std::lock_guard lock(m_mutex);
        m_live.swap(ended); // which go outside the lock, being destroyed after it
    }
    std::shared_ptr<const Observation> live(const std::string& connection) const override {
        const std::lock_guard lock(m_mutex);
        const auto known = m_live.find(connection);
        return known == m_live.end() ? nullptr : known->second;
    }

  private:
    Result<std::shared_ptr<kafka::EmbeddedCluster>> start_embedded();
    EventStoreLimits memory_share(const std::string& connection) const;
    kafka::Environment environment(const std::string& connection) const;
    ContractDisclosureOptions contract_rules(bool detects) const;
    std::shared_ptr<const DisclosurePolicy> by_contracts(bool detects) const;
    Observation::Kept keep(const std::string& connection, kafka::Cluster& on,
                           const std::shared_ptr<const LatencyOptions>& latency,
                           const std::shared_ptr<const FlowOptions>& flow,
                           std::chrono::milliseconds timeout);
    int take_lanes(int count) {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_next_lane, m_next_lane + count);
    }
    void replace_live(std::shared_ptr<const Observation> observation) {
        {
            const std::lock_guard lock(m_mutex);
            m_live[observation->connection()].swap(observation);
        }
        // The old one stops here, outside the lock, unless a view still looks at it.
    }

    const SessionOptions m_options;
    const Workspace m_workspace;
    const std::shared_ptr<Vocabulary> m_vocabulary;
    const std::shared_ptr<const DialectSet> m_dialects;
    const std::shared_ptr<const ContractKeeper> m_contracts;
    const std::shared_ptr<InvalidWords> m_invalid_words = std::make_shared<InvalidWords>();

    std::mutex m_opening;       // one connection is opened at a time; held during its I/O
    mutable std::mutex m_mutex; // guards the rest
    std::shared_ptr<kafka::EmbeddedCluster> m_embedded;
    std::map<std::string, std::shared_ptr<kafka::Cluster>> m_clusters;
    std::map<std::string, std::shared_ptr<const Unmasking>> m_unmasked;
    std::uint64_t m_unmasked_revision = 0;
    struct ContractPolicy {
        std::shared_ptr<const ContractSet> set;
        std::shared_ptr<const DisclosurePolicy> policy;
    };
    mutable std::array<ContractPolicy, 2> m_policies; // without and with detectors
    int m_next_lane = 0;
    std::map<std::string, std::shared_ptr<ObservedHistory>> m_histories;
    // Declared last: they stop before the clusters go.
    std::map<std::string, std::shared_ptr<const Observation>> m_live;
};

Result<std::shared_ptr<kafka::EmbeddedCluster>> OpenSession::start_embedded() {
    if (auto running = embedded())
        return running;
    std::vector<kafka::EmbeddedTopic> topics;
    for (const std::string& place : places_of(m_workspace.stages))
        if (place.find('.') == std::string::npos) // schema.table is a warehouse's
            topics.push_back({place});
    for (const Workspace::Watch& watch : m_workspace.watch)
        for (const std::string& topic : watch.topics)
            if (std::none_of(topics.begin(), topics.end(),
                             [&](const auto& known) { return known.name == topic; }))
                topics.push_back({topic});
    auto started = kafka::EmbeddedCluster::start(std::move(topics));
    if (!started)
        return std::move(started).error();
    const std::lock_guard lock(m_mutex);
    m_embedded = *std::move(started);
    return m_embedded;
}

Result<std::shared_ptr<kafka::Cluster>> OpenSession::cluster(const std::string& connection) {
    const std::lock_guard opening(m_opening);
    {
        const std::lock_guard lock(m_mutex);
        if (const auto known = m_clusters.find(connection); known != m_clusters.end())
            return known->second;
    }
    const kafka::ConnectionOptions* options = m_workspace.connection(connection);
    if (options == nullptr)
        return Error{ErrorCode::NotFound,
                     "there is no connection of that name",
                     connection,
                     {},
                     "Choose one of the workspace's connections, or add it."};
    kafka::ConnectionOptions resolved = *options;
    if (resolved.bootstrap == embedded_address) {
        const auto started = start_embedded();
        if (!started)
            return started.error();
        resolved.bootstrap = (*started)->bootstrap();
    }
    auto opened = kafka::Cluster::open(
        std::move(resolved),
        secret_resolver(connection, {.allow_commands = m_options.allow_commands}));
    if (!opened)
        return std::move(opened).error();
    const std::lock_guard lock(m_mutex);
    return m_clusters.emplace(connection, *std::move(opened)).first->second;
}

std::vector<std::shared_ptr<kafka::Cluster>> OpenSession::clusters() const {
    const std::lock_guard lock(m_mutex);
    std::vector<std::shared_ptr<kafka::Cluster>> clusters;
    for (const auto& [name, cluster] : m_clusters)
        clusters.push_back(cluster);
    return clusters;
}

kafka::Environment OpenSession::environment(const std::string& connection) const {
    const kafka::ConnectionOptions* options = m_workspace.connection(connection);
    return options == nullptr ? kafka::Environment::Production : options->environment;
}

ContractDisclosureOptions OpenSession::contract_rules(bool detects) const {
    ContractDisclosureOptions options;
    options.detects = detects;
    options.names = dimension_sources(m_workspace, *m_vocabulary, *m_dialects);
    return options;
}

/// Made anew when the contracts are others.
std::shared_ptr<const DisclosurePolicy> OpenSession::by_contracts(bool detects) const {
    const std::shared_ptr<const LoadedContracts> loaded = m_contracts->current();
    {
        const std::lock_guard lock(m_mutex);
        const ContractPolicy& known = m_policies[detects ? 1 : 0];
        if (known.policy && known.set == loaded->set)
            return known.policy;
    }
    auto policy = contract_disclosure(loaded->set, m_dialects, contract_rules(detects));
    const std::lock_guard lock(m_mutex);
    m_policies[detects ? 1 : 0] = {loaded->set, policy};
    return policy;
}

std::shared_ptr<const DisclosurePolicy>
OpenSession::disclosure(const std::string& connection) const {
    if (unmasking(connection))
        return DisclosurePolicy::none();
    const kafka::Environment here = environment(connection);
    return masked_by(m_workspace.masking.policy_on(here),
                     [&] { return by_contracts(here != kafka::Environment::Sandbox); });
}

Result<std::shared_ptr<const DisclosurePolicy>>
OpenSession::tokenised(const std::string& connection) const {
    const kafka::SecretRef& reference = m_workspace.masking.token_key;
    if (reference.text.empty())
        return Error{ErrorCode::Config, "the workspace names no key to make tokens with",
                     m_workspace.file + "#/masking", "making tokens",
                     "Add \"token_key\": \"env:NAME\" or \"keychain:SERVICE/KEY\"."};
    auto key = resolve_secret(reference, {});
    if (!key) {
        Error error = key.error();
        error.where = m_workspace.file + "#/masking/token_key: " + error.where;
        return error;
    }
    auto tokeniser = Tokeniser::create(*std::move(key));
    if (!tokeniser)
        return std::move(tokeniser).error();
    auto masked = disclosure(connection);
    if (!masked->masks())
        masked = by_contracts(true);
    return DisclosurePolicy::tokenised(std::move(masked), *std::move(tokeniser));
}

Result<void> OpenSession::unmask(const std::string& connection, const std::string& reason) {
    auto asked = ask_to_unmask(m_workspace, connection, reason);
    if (!asked)
        return std::move(asked).error();
    auto unmasking = std::make_shared<const Unmasking>(*std::move(asked));
    const std::lock_guard lock(m_mutex);
    m_unmasked[connection] = std::move(unmasking);
    ++m_unmasked_revision;
    return {};
}

std::shared_ptr<const Unmasking> OpenSession::mask_again(const std::string& connection) {
    const std::lock_guard lock(m_mutex);
    const auto known = m_unmasked.find(connection);
    if (known == m_unmasked.end())
        return nullptr;
    auto ended = std::move(known->second);
    m_unmasked.erase(known);
    ++m_unmasked_revision;
    return ended;
}

InvalidOptions OpenSession::invalid_book(const std::string& connection) const {
    InvalidOptions options = invalid_options(m_workspace, connection);
    options.dialects = m_dialects;
    // An observation may outlive its session.
    options.checkers = [contracts = m_contracts, spec = m_workspace.contracts, words = m_vocabulary,
                        dialects = m_dialects] {
        return std::make_unique<EventChecker>(contracts->current()->set, spec, words, dialects);
    };
    options.contracts_revision = [contracts = m_contracts] {
        return contracts->current()->revision;
    };
    // Whoever may see all of the connection's records asks for it by the report's policy.
    const kafka::Environment here = environment(connection);
    options.masking = [policy = m_workspace.masking.policy_on(here),
                       rules = contract_rules(here != kafka::Environment::Sandbox),
                       contracts = m_contracts, dialects = m_dialects] {
        return masked_by(policy, [&] {
            return contract_disclosure(contracts->current()->set, dialects, rules);
        });
    };
    options.words = m_invalid_words;
    return options;
}

EventStoreLimits OpenSession::memory_share(const std::string& connection) const {
    const std::vector<std::string> all = watched_connections(m_workspace);
    const bool one_of_them = std::find(all.begin(), all.end(), connection) != all.end();
    const std::uint64_t parts = one_of_them ? all.size() : 1;
    EventStoreLimits limits{.rows = m_workspace.retention.memory_rows,
                            .bytes = m_workspace.retention.memory_bytes};
    limits.rows /= parts;
    limits.bytes /= parts;
    limits.failure_rows /= parts;
    limits.failure_bytes /= parts;
    return limits;
}

/// A history that cannot be kept keeps nobody from observing.
Observation::Kept OpenSession::keep(const std::string& connection, kafka::Cluster& on,
                                    const std::shared_ptr<const LatencyOptions>& latency,
                                    const std::shared_ptr<const FlowOptions>& flow,
                                    std::chrono::milliseconds timeout) {
    if (!m_options.keeps_history || !m_workspace.retention.keeps_history)
        return {};
    std::shared_ptr<ObservedHistory> history;
    {
        const std::lock_guard lock(m_mutex);
        history = m_histories[connection];
    }
    if (!history) {
        auto opened = ObservedHistory::open(m_workspace, connection, on, *m_vocabulary, latency,
                                            flow, timeout);
        if (!opened)
            return {nullptr, nullptr, opened.error()};
        history = *std::move(opened);
        const std::lock_guard lock(m_mutex);
        m_histories[connection] = history;
    }
    auto run = history->begin();
    return {std::move(history), std::move(run), std::nullopt};
}

Result<void> OpenSession::start_live(const std::string& connection, kafka::ReadRequest request,
                                     std::chrono::milliseconds timeout) {
    auto on = cluster(connection);
    if (!on)
        return std::move(on).error();
    const IsObserved observed = observed_by(request);
    auto opened = kafka::Reader::open(*on, std::move(request), timeout);
    if (!opened)
        return std::move(opened).error();
    const std::shared_ptr<kafka::Reader> reader = *std::move(opened);
    const int lanes = reader->stream_count();
    const EventStoreLimits limits = memory_share(connection);
    const int first = take_lanes(lanes);
    const auto latency =
        std::make_shared<const LatencyOptions>(latency_options(m_workspace, connection, observed));
    const auto flow =
        std::make_shared<const FlowOptions>(flow_options(m_workspace, connection, observed, lanes));
    const auto invalid = std::make_shared<const InvalidOptions>(invalid_book(connection));
    // In the order of FoldIndex.
    const std::vector<FoldFactory> folds{
        [first, lanes, limits](int lane) {
            return std::make_unique<EventStore>(first + lane, lanes, limits);
        },
        [words = m_vocabulary](int) { return std::make_unique<VersionCounts>(*words); },
        [words = m_vocabulary, latency](int) {
            return std::make_unique<LatencyBook>(*words, latency);
        },
        [words = m_vocabulary, flow](int) { return std::make_unique<FlowLedger>(*words, flow); },
        [words = m_vocabulary, invalid](int) {
            return std::make_unique<InvalidBook>(words, invalid);
        },
    };
    Observation::Kept kept = keep(connection, **on, latency, flow, timeout);
    IngestOptions options;
    keep_by(kept.run.get(), options);
    auto loop = IngestLoop::start(
        reader, [this, connection] { return make_decoder(connection); }, folds, options);
    replace_live(
        std::make_shared<const Observation>(connection, reader, std::move(loop), std::move(kept)));
    return {};
}

} // namespace

Observation::Observation(std::string connection, std::shared_ptr<kafka::Reader> reader,
                         std::unique_ptr<IngestLoop> loop, Kept kept)
    : m_connection(std::move(connection))
    , m_reader(std::move(reader))
    , m_kept(std::move(kept))
    , m_loop(std::move(loop)) {}

Observation::~Observation() = default;

std::vector<std::shared_ptr<const LaneSnapshot>> Observation::stores() const {
    return snapshots_of<EventStore>(*m_loop, fold_events);
}

std::vector<std::shared_ptr<const VersionCountsSnapshot>> Observation::versions() const {
    return snapshots_of<VersionCounts>(*m_loop, fold_versions);
}

LatencySeen Observation::latency() const {
    LatencySeen seen{snapshots_of<LatencyBook>(*m_loop, fold_latency)};
    if (m_kept.history)
        m_kept.history->add_to(seen);
    return seen;
}

FlowSeen Observation::flow() const {
    FlowSeen seen{snapshots_of<FlowLedger>(*m_loop, fold_flow)};
    if (m_kept.history)
        m_kept.history->add_to(seen);
    return seen;
}

WatchedTime Observation::watched() const {
    std::vector<RecordRange> before;
    std::string trouble;
    if (m_kept.history) {
        const auto status = m_kept.history->status();
        before = status->watched;
        trouble = history_text(*status);
    } else if (m_kept.error && m_kept.error->code != ErrorCode::Unsupported) {
        trouble = "history is not kept: " + m_kept.error->text();
    }
    return {watched_until_now(std::move(before), stats().watermarks), std::move(trouble)};
}

InvalidSeen Observation::invalid() const {
    return {snapshots_of<InvalidBook>(*m_loop, fold_invalid)};
}

Result<std::unique_ptr<Session>> Session::open(Workspace workspace, SessionOptions options) {
    auto dialects = DialectSet::built_in();
    const std::vector<std::string> names = dialects->names();
    const std::string& wanted = workspace.event.dialect;
    if (!dialects->knows(wanted)) {
        std::string known = "auto";
        for (const std::string& name : names)
            known += ", " + name;
        return Error{ErrorCode::Config,
                     "there is no dialect \"" + wanted + "\"",
                     workspace.file,
                     {},
                     "Known are " + known + "."};
    }
    auto contracts = ContractKeeper::open(workspace);
    if (!contracts)
        return std::move(contracts).error();
    return std::unique_ptr<Session>(std::make_unique<OpenSession>(
        std::move(workspace), options, std::move(dialects), *std::move(contracts)));
}

std::vector<std::string> usual_dimensions() {
    return {"type", "source", "platform", "app_version", "schema_version"};
}

std::vector<std::string> watched_connections(const Workspace& workspace) {
    std::vector<std::string> names;
    for (const Workspace::Watch& watch : workspace.watch)
        if (std::find(names.begin(), names.end(), watch.connection) == names.end())
            names.push_back(watch.connection);
    return names;
}

IsObserved observed_by(const kafka::ReadRequest& request) {
    return [topics = request.topics,
            patterns = !request.topic_patterns.empty()](const std::string& place) {
        const bool named = std::find(topics.begin(), topics.end(), place) != topics.end();
        return named || (patterns && !place.empty() && place.find('.') == std::string::npos);
    };
}

kafka::ReadRequest watched(const Workspace& workspace, const std::string& connection) {
    kafka::ReadRequest request;
    for (const Workspace::Watch& watch : workspace.watch) {
        if (watch.connection != connection)
            continue;
        request.topics.insert(request.topics.end(), watch.topics.begin(), watch.topics.end());
        request.topic_patterns.insert(request.topic_patterns.end(), watch.topic_patterns.begin(),
                                      watch.topic_patterns.end());
    }
    if (request.topics.empty() && request.topic_patterns.empty())
        for (const std::string& place : places_of(workspace.stages))
            if (place.find('.') == std::string::npos)
                request.topics.push_back(place);
    return request;
}

} // namespace weir
