// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/admin/offsets.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <thread>
#include <tuple>

#include "connectors/kafka/observer.h"

namespace weir::kafka {

namespace {

using Milliseconds = std::chrono::milliseconds;
using Indexes = std::vector<std::size_t>;

/// A partition without a leader holds a question up for its whole time, so the time is cut up.
constexpr Milliseconds slice_min(1000);
constexpr Milliseconds pause_min(50);
constexpr Milliseconds pause_max(500);

/// Asks for `which` of the questions at once. librdkafka groups by topic only what is sorted, and
/// leaves it in that order: looking each answer up in its list would cost the square of them.
rd_kafka_resp_err_t ask_some(rd_kafka_t* client, const std::vector<OffsetQuestion>& questions,
                             const Indexes& which, std::vector<OffsetAnswer>& answers,
                             Milliseconds timeout) {
    const OffsetListHandle list(rd_kafka_topic_partition_list_new(static_cast<int>(which.size())));
    Indexes sorted = which;
    std::sort(sorted.begin(), sorted.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(questions[a].topic, questions[a].partition) <
               std::tie(questions[b].topic, questions[b].partition);
    });
    for (const std::size_t i : sorted)
        rd_kafka_topic_partition_list_add(list.get(), questions[i].topic.c_str(),
                                          questions[i].partition.value())
            ->offset = questions[i].time_ms;
    const rd_kafka_resp_err_t err =
        rd_kafka_offsets_for_times(client, list.get(), static_cast<int>(timeout.count()));
    for (std::size_t at = 0; at < sorted.size(); ++at) {
        OffsetAnswer& answer = answers[sorted[at]];
        answer = {err, Offset(-1)};
        if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
            continue;
        const rd_kafka_topic_partition_t& found = list->elems[at];
        answer.err = found.err;
        if (found.offset >= 0)
            answer.offset = Offset(found.offset);
    }
    return err;
}

/// Leader of each partition as the brokers say now; -1: none.
struct Leaders {
    std::map<std::pair<std::string, std::int32_t>, std::int32_t> of;
    /// By topic, why a partition is not among them: it does not exist, the topic may not be
    /// described, nobody answered.
    std::map<std::string, rd_kafka_resp_err_t> otherwise;
    bool answered = false;
};

Leaders ask_leaders(rd_kafka_t* client, const std::vector<OffsetQuestion>& questions,
                    Milliseconds timeout) {
    Leaders leaders;
    for (const OffsetQuestion& q : questions)
        leaders.otherwise[q.topic] = RD_KAFKA_RESP_ERR__TIMED_OUT;
    for (auto& [name, otherwise] : leaders.otherwise) {
        auto found = fetch_metadata(client, name.c_str(), {}, timeout);
        if (!found)
            return leaders;
        leaders.answered = true;
        otherwise = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
        for (int t = 0; t < (*found)->topic_cnt; ++t) {
            const rd_kafka_metadata_topic_t& topic = (*found)->topics[t];
            if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR)
                otherwise = topic.err;
            for (int p = 0; p < topic.partition_cnt; ++p)
                leaders.of[{topic.topic, topic.partitions[p].id}] = topic.partitions[p].leader;
        }
    }
    return leaders;
}

} // namespace

std::vector<OffsetAnswer> ask_offsets(rd_kafka_t* client,
                                      const std::vector<OffsetQuestion>& questions,
                                      Milliseconds timeout) {
    std::vector<OffsetAnswer> answers(questions.size());
    if (questions.empty())
        return answers;
    Indexes all(questions.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (ask_some(client, questions, all, answers, timeout) == RD_KAFKA_RESP_ERR_NO_ERROR)
        return answers;

    const Milliseconds each = std::max(Milliseconds(200), timeout / 4);
    const Leaders leaders = ask_leaders(client, questions, each);
    if (!leaders.answered)
        return answers; // nobody answers at all
    std::map<std::int32_t, Indexes> by_leader;
    for (const std::size_t i : all) {
        const auto it = leaders.of.find({questions[i].topic, questions[i].partition.value()});
        if (it == leaders.of.end())
            answers[i].err = leaders.otherwise.at(questions[i].topic);
        else if (it->second < 0)
            answers[i].err = RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
        else
            by_leader[it->second].push_back(i);
    }
    for (const auto& [leader, which] : by_leader)
        ask_some(client, questions, which, answers, each);
    return answers;
}

bool is_passing(rd_kafka_resp_err_t err) {
    switch (err) {
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
        return true;
    default:
        return false;
    }
}

std::vector<OffsetAnswer> ask_offsets_patiently(rd_kafka_t* client,
                                                const std::vector<OffsetQuestion>& questions,
                                                std::chrono::steady_clock::time_point deadline,
                                                std::chrono::steady_clock::time_point enough,
                                                const std::stop_token& stop) {
    using Clock = std::chrono::steady_clock;
    const auto unknown_until = Clock::now() + unknown_topic_patience;
    std::vector<OffsetAnswer> answers(questions.size());
    Indexes open(questions.size());
    std::iota(open.begin(), open.end(), std::size_t{0});
    Milliseconds pause = pause_min;
    for (Milliseconds slice = slice_min; !open.empty(); slice *= 2) {
        std::vector<OffsetQuestion> asked;
        for (const std::size_t i : open)
            asked.push_back(questions[i]);
        const Clock::time_point until = open.size() < questions.size() ? enough : deadline;
        const auto left = std::chrono::duration_cast<Milliseconds>(until - Clock::now());
        const auto some =
            ask_offsets(client, asked, std::clamp(left, Milliseconds(1), Milliseconds(slice)));
        Indexes still;
        for (std::size_t i = 0; i < open.size(); ++i) {
            answers[open[i]] = some[i];
            const bool unknown = some[i].err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
            if (is_passing(some[i].err) && !(unknown && Clock::now() > unknown_until))
                still.push_back(open[i]);
        }
        open = std::move(still);
        if (stop.stop_requested() ||
            Clock::now() + pause >= (open.size() < questions.size() ? enough : deadline))
            break;
        if (!open.empty())
            std::this_thread::sleep_for(pause);
        pause = std::min(2 * pause, pause_max);
    }
    return answers;
}

} // namespace weir::kafka
