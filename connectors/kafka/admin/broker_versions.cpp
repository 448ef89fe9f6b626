// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/admin/broker_versions.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <set>

#include "connectors/base/names_text.h"
#include "connectors/kafka/observer.h"

namespace weir::kafka {
namespace {

/// What a release was the first to know: one request in one version, that brokers know whether they
/// run with ZooKeeper or without. 3.4 has none: it knows what 3.3 knows.
struct Mark {
    const char* release;
    int request;
    int version;
};
enum Request { Produce = 0, Fetch = 1, ListOffsets = 2, Metadata = 3, OffsetFetch = 9 };
enum MoreRequests {
    JoinGroup = 11,
    ListGroups = 16,
    AddPartitionsToTxn = 24,
    DescribeLogDirs = 35
};
constexpr Mark marks[] = {
    {"0.11", Fetch, 5},          {"1.0", Fetch, 6},    {"1.1", Fetch, 7},
    {"2.0", Fetch, 8},           {"2.1", Fetch, 10},   {"2.2", ListOffsets, 5},
    {"2.3", Fetch, 11},          {"2.4", Metadata, 9}, {"2.5", OffsetFetch, 7},
    {"2.6", ListGroups, 4},      {"2.7", Fetch, 12},   {"2.8", ListOffsets, 6},
    {"3.0", ListOffsets, 7},     {"3.1", Fetch, 13},   {"3.2", JoinGroup, 9},
    {"3.3", DescribeLogDirs, 4}, {"3.5", Fetch, 15},   {"3.6", AddPartitionsToTxn, 4},
    {"3.7", Fetch, 16},          {"3.8", Produce, 11}, {"3.9", Fetch, 17},
    {"4.0", ListOffsets, 10},    {"4.1", Fetch, 18},   {"4.2", ListOffsets, 11},
    {"4.3", DescribeLogDirs, 5},
};

bool knows(const RequestVersions& versions, const Mark& mark) {
    const auto found = versions.find(mark.request);
    return found != versions.end() && found->second >= mark.version;
}

/// Takes librdkafka's lines, which come on its threads:
/// "[thrd:…]: HOST:PORT/ID:   ApiKey Fetch (1) Versions 0..17".
class Listener {
  public:
    void hear(const char* line) {
        const std::string text(line);
        const std::size_t key = text.find(" ApiKey ");
        const std::size_t number = text.find(" (", key);
        int request = 0;
        int oldest = 0;
        int newest = 0;
        if (key == std::string::npos || number == std::string::npos ||
            std::sscanf(text.c_str() + number, " (%d) Versions %d..%d", &request, &oldest,
                        &newest) != 3)
            return;
        const std::size_t thread = text.find("]: ");
        const std::size_t begin = thread < key ? thread + 3 : 0;
        std::string broker = text.substr(begin, key - begin);
        if (const std::size_t scheme = broker.find("://"); scheme != std::string::npos)
            broker.erase(0, scheme + 3);
        broker.erase(std::min(broker.find('/'), broker.size()));
        const std::lock_guard lock(m_mutex);
        m_all[broker][request] = newest;
        m_news.notify_all();
    }

    bool wait_for(const std::set<std::string>& brokers, Deadline deadline) {
        std::unique_lock lock(m_mutex);
        return m_news.wait_until(lock, deadline, [&] {
            return std::all_of(brokers.begin(), brokers.end(),
                               [&](const std::string& b) { return m_all.count(b) > 0; });
        });
    }

    std::map<std::string, RequestVersions> all() {
        const std::lock_guard lock(m_mutex);
        return m_all;
    }

  private:
    std::mutex m_mutex;
    std::condition_variable m_news;
    std::map<std::string, RequestVersions> m_all;
};

} // namespace

ReleaseRange release_of(const RequestVersions& versions) {
    ReleaseRange range;
    for (const Mark& mark : marks) {
        if (!knows(versions, mark)) {
            if (range.before.empty())
                range.before = mark.release;
        } else if (range.before.empty()) {
            range.from = mark.release;
        } else {
            range.mixed = true;
        }
    }
    return range;
}

std::optional<Error> BrokerAnswers::silence() const {
    if (silent.empty())
        return std::nullopt;
    return Error{.code = ErrorCode::Connection,
                 .what = names_text(silent) + " did not answer within " +
                         std::to_string((waited.count() + 999) / 1000) + " s",
                 .advice = "Check that the names that brokers advertise resolve and can be reached "
                           "from here. What they lead cannot be read."};
}

Result<BrokerAnswers> ask_versions(Cluster& cluster, std::chrono::milliseconds timeout) {
    const Deadline deadline = std::chrono::steady_clock::now() + timeout;
    ObservedCluster* inside = observed(cluster);
    auto listed = ask_metadata(*inside, nullptr, deadline);
    if (!listed)
        return listed.error();
    std::set<std::string> brokers;
    for (int i = 0; i < (*listed)->broker_cnt; ++i)
        brokers.insert(std::string((*listed)->brokers[i].host) + ":" +
                       std::to_string((*listed)->brokers[i].port));
    const auto listener = std::make_shared<Listener>();
    auto client =
        inside->new_listening_client([listener](const char* line) { listener->hear(line); });
    if (!client)
        return client.error();
    (void)fetch_metadata(client->get(), nullptr, cluster.options().name, remaining(deadline));
    (void)listener->wait_for(brokers, deadline);
    BrokerAnswers answers;
    answers.waited = timeout;
    std::map<std::string, RequestVersions> heard = listener->all();
    for (const std::string& broker : brokers) {
        if (const auto found = heard.find(broker); found != heard.end())
            answers.answered.push_back({broker, std::move(found->second)});
        else
            answers.silent.push_back(broker);
    }
    return answers;
}

} // namespace weir::kafka
