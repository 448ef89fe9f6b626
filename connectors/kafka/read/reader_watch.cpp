// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read/reader_watch.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <set>
#include <utility>

#include "connectors/kafka/admin/offsets.h"

namespace weir::kafka {

namespace {

using namespace std::chrono_literals;

constexpr auto pace = 50ms;
constexpr auto ends_pause = 1000ms;
constexpr auto ends_pause_suspicious = 200ms;
constexpr auto topics_pause = 1000ms;
constexpr auto all_topics_pause = 3000ms;
constexpr std::size_t names_asked_singly = 8;
/// A leader that moves leaves its partition without an answer for a moment; that is no failure yet.
constexpr int strikes_allowed = 2;

std::string clock_text(Micros t) {
    const std::time_t seconds = t.value() / 1'000'000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const std::size_t n = std::strftime(text.data(), text.size(), "%H:%M:%S UTC", &parts);
    return {text.data(), n};
}

std::string place_text(const std::string& topic, PartitionId partition) {
    return topic + " [" + std::to_string(partition.value()) + "]";
}

bool is_unknown(rd_kafka_resp_err_t err) {
    return err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

/// An answer, and not that there is nothing.
bool is_refusal(rd_kafka_resp_err_t err) {
    return error_code_of(err) == ErrorCode::NotPermitted;
}

/// Not even that something cannot be answered: librdkafka's own codes are negative.
bool is_silence(rd_kafka_resp_err_t err) {
    return err < RD_KAFKA_RESP_ERR_NO_ERROR && !is_unknown(err);
}

Deadline soon(std::chrono::milliseconds question) {
    return std::chrono::steady_clock::now() + 2 * question;
}

} // namespace

Result<void> deal(const Streams& streams, std::vector<PartitionState> partitions,
                  Deadline deadline) {
    const auto size = [](const PartitionState& p) {
        const PartitionProgress& at = p.progress;
        const Offset end = at.end.value() >= 0 ? at.end : at.end_seen;
        return 1 + std::max<std::int64_t>(0, end.value() - at.next.value());
    };
    std::stable_sort(partitions.begin(), partitions.end(),
                     [&](const auto& a, const auto& b) { return size(a) > size(b); });
    std::vector<std::int64_t> load(streams.size());
    for (std::size_t i = 0; i < load.size(); ++i)
        load[i] = static_cast<std::int64_t>(streams[i]->partition_count());
    for (PartitionState& p : partitions) {
        const auto least = std::min_element(load.begin(), load.end());
        *least += size(p);
        const auto stream = static_cast<std::size_t>(least - load.begin());
        if (auto added = streams[stream]->add(std::move(p), remaining(deadline)); !added)
            return added;
    }
    return {};
}

ReaderWatch::ReaderWatch(ObservedCluster& cluster, const ReadRequest& request,
                         const Streams& streams)
    : m_cluster(cluster)
    , m_request(request)
    , m_streams(streams)
    , m_following(request.end.kind == EndAt::Kind::Never && request.ranges.empty())
    , m_next_ends(Clock::now() + ends_pause)
    , m_next_topics(Clock::now() + topics_pause)
    , m_thread([this] { run(); }) {}

ReaderWatch::~ReaderWatch() {
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void ReaderWatch::run() {
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, pace, [this] { return m_stop; })) {
        lock.unlock();
        step();
        lock.lock();
    }
}

void ReaderWatch::step() {
    listen();
    for (const auto& stream : m_streams)
        sample_watermarks(*stream);
    if (Clock::now() >= m_next_ends)
        check_ends();
    // While nobody answers, all else would only hold up the next question for ends.
    if (m_following && !m_silent && Clock::now() >= m_next_marks)
        take_marks();
    if (!m_silent && Clock::now() >= m_next_proof)
        ask_for_proof();
    mend();
    if (m_following && m_request.discover && !m_silent && Clock::now() >= m_next_topics) {
        check_topics();
        const bool all =
            !m_request.topic_patterns.empty() || m_request.topics.size() > names_asked_singly;
        m_next_topics = Clock::now() + (all ? all_topics_pause : topics_pause);
    }
}

void ReaderWatch::listen() {
    for (const auto& stream : m_streams) {
        const auto client = stream->client();
        if (!client)
            continue;
        ClientTrouble trouble = drain_events(client->client.get(), 0ms);
        if (trouble.code == RD_KAFKA_RESP_ERR_NO_ERROR)
            continue;
        m_all_down = m_all_down || trouble.all_down;
        m_trouble = std::move(trouble);
        if (const std::string own = client->client.trouble(); !own.empty())
            m_trouble.text = own;
        m_refused = m_refused || explain_trouble().refused;
        if (!m_suspicious)
            m_next_ends = std::min(m_next_ends, Clock::now());
        m_suspicious = true;
    }
}

namespace {

using Sampled = SampledPartition;

/// The partitions that are being fetched, with the high watermark of the last fetch. It costs no
/// question, but takes locks of librdkafka's, so it is done outside of the stream's.
std::vector<Sampled> sample(ReaderStream& stream, rd_kafka_t* client) {
    std::vector<Sampled> all;
    stream.for_each([&](PartitionState& p, auto&) {
        if (p.started && !p.done && !p.gone && p.need == PartitionNeed::None)
            all.push_back(
                {p.progress.topic, p.progress.partition, p.progress.next, p.high_sampled});
    });
    for (Sampled& s : all) {
        std::int64_t low = -1;
        std::int64_t high = -1;
        if (rd_kafka_get_watermark_offsets(client, s.topic.c_str(), s.partition.value(), &low,
                                           &high) == RD_KAFKA_RESP_ERR_NO_ERROR)
            s.high = Offset(high);
    }
    return all;
}

/// Calls `judge` for each sampled partition, under the stream's lock. Partitions are only ever
/// added at the back, so their order is that of the samples.
template <class F>
void match(ReaderStream& stream, const std::vector<Sampled>& sampled, F judge) {
    std::size_t i = 0;
    stream.for_each([&](PartitionState& p, auto& told) {
        if (i == sampled.size() || p.progress.topic != sampled[i].topic ||
            p.progress.partition != sampled[i].partition)
            return;
        if (!p.done && p.need == PartitionNeed::None)
            judge(p, told, i);
        ++i;
    });
}

/// The ends of a stream's partitions, asked for.
struct EndsAsked {
    ReaderStream* stream;
    std::shared_ptr<StreamClient> client;
    std::vector<Sampled> before;
    std::vector<OffsetAnswer> answers{};
    Micros asked{-1};
    Micros answered{-1}; // when they came: the next stream's may take long
};

/// One stream after the other would take twice as long to know of an outage.
std::vector<EndsAsked> ask_ends(const Streams& streams, bool at_once,
                                std::chrono::milliseconds wait) {
    std::vector<EndsAsked> all;
    for (const auto& stream : streams)
        if (auto client = stream->client())
            all.push_back({stream.get(), client, sample(*stream, client->client.get())});
    const auto ask = [wait](EndsAsked& one) {
        std::vector<OffsetQuestion> questions;
        for (const Sampled& s : one.before)
            questions.push_back({s.topic, s.partition});
        one.asked = Micros::now();
        one.answers = ask_offsets(one.client->client.get(), questions, wait);
        one.answered = Micros::now();
    };
    std::vector<std::jthread> asking;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (at_once && i + 1 < all.size())
            asking.emplace_back(ask, std::ref(all[i]));
        else
            ask(all[i]);
    asking.clear(); // joins
    return all;
}

} // namespace

/// librdkafka keeps to itself that a fetch was answered with "unknown topic", and reads on at the
/// old offset when a topic of that name is back. But the watermark falls for a moment.
void ReaderWatch::sample_watermarks(ReaderStream& stream) {
    const auto client = stream.client();
    if (!client)
        return;
    const std::vector<Sampled> sampled = sample(stream, client->client.get());
    match(stream, sampled, [&](PartitionState& p, auto&, std::size_t i) {
        if (std::exchange(p.ended_short, false))
            m_next_ends = Clock::now();
        const Offset high = std::max(sampled[i].high, Offset(-1)); // below 0: not known yet
        p.high_fell = p.high_fell || high < sampled[i].high_before;
        p.high_sampled = high;
        if (p.high_fell && high.value() >= 0) { // fetched again: from the same topic?
            p.high_fell = false;
            p.need = PartitionNeed::Missing;
        }
    });
}

// ---- ends: what is there to read, and does anybody answer

void ReaderWatch::check_ends() {
    const bool was_suspicious = std::exchange(m_suspicious, false);
    const std::vector<EndsAsked> asked = ask_ends(m_streams, was_suspicious, question_wait);
    listen(); // a connection that was refused meanwhile is the reason for a silence
    std::size_t questions = 0;
    std::size_t answered = 0;
    bool silent = true;
    Micros last(-1);
    for (const EndsAsked& one : asked)
        for (const OffsetAnswer& answer : one.answers) {
            ++questions;
            const bool heard = answer.err == RD_KAFKA_RESP_ERR_NO_ERROR || is_refusal(answer.err);
            answered += heard ? 1 : 0;
            last = heard ? std::max(last, one.answered) : last;
            silent = silent && is_silence(answer.err);
        }
    m_silent = questions > 0 && silent;
    for (const EndsAsked& one : asked)
        match(*one.stream, one.before, [&](PartitionState& p, auto& told, std::size_t i) {
            if (one.answers[i].err == RD_KAFKA_RESP_ERR_NO_ERROR)
                p.answered = one.answered;
            judge_end(p, told, one.before[i].next, one.before[i].high, one.answers[i].err,
                      one.answers[i].offset);
            if (one.answers[i].err == RD_KAFKA_RESP_ERR_NO_ERROR)
                tell_still_at_end(p, told, one.before[i], one.asked);
        });
    if (answered > 0) {
        m_cluster.board().answered(last);
        m_all_down = m_refused = false;
        if (answered == questions)
            m_trouble = {};
    } else if (questions > 0) {
        m_suspicious = true;
        if (m_trouble.code != RD_KAFKA_RESP_ERR_NO_ERROR)
            m_cluster.board().failed(error_code_of(m_trouble.code), m_trouble.text, m_all_down);
    }
    const bool soon = was_suspicious || m_suspicious;
    m_next_ends = Clock::now() + (soon ? ends_pause_suspicious : ends_pause);
}

void ReaderWatch::judge_end(PartitionState& p, std::vector<PartitionEvent>& told,
                            Offset next_before, Offset high_before, rd_kafka_resp_err_t err,
                            Offset end) {
    PartitionProgress& at = p.progress;
    if (is_unknown(err)) {
        p.need = PartitionNeed::Missing;
        return;
    }
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        judge_error(p, told, next_before, err, m_silent);
        return;
    }
    p.strikes = p.times_missing = 0;
    p.next_when_asked = next_before;
    if (at.state == ReadState::Failed && p.failed_by_watch)
        p.need = PartitionNeed::Missing; // somebody else may have come back under this address
    p.anchor = std::exchange(p.anchor_next, p.mark);
    if (end < std::exchange(p.end_answered, end) && p.need == PartitionNeed::None)
        p.need = PartitionNeed::Proof; // an end does not fall
    const bool committed = m_request.isolation == Isolation::ReadCommitted;
    if (!committed) {
        at.end_seen = end;
        if (end < next_before)
            p.need = PartitionNeed::Reposition;
        return;
    }
    at.last_stable = end;
    at.end_seen = std::max({end, high_before, at.next});
    // The high watermark was seen before the last stable offset: what lies between is open.
    if (at.next < end || high_before <= end)
        return;
    if (at.end.value() >= 0 && high_before >= at.end) {
        // All that is asked for is there; what is not to be had now is what the transaction holds.
        if (next_before == at.next && next_before >= end)
            p.need = PartitionNeed::EndAtTransaction;
    } else if (p.open_transaction_told != end) {
        p.open_transaction_told = end;
        told.push_back(
            {at.topic, at.partition, PartitionNote::OpenTransaction, end, high_before, {}});
    }
}

/// Of a partition to which nothing comes: else nobody knew how far it has been read in time.
void ReaderWatch::tell_still_at_end(const PartitionState& p, std::vector<PartitionEvent>& told,
                                    const Sampled& before, Micros asked) const {
    const PartitionProgress& at = p.progress;
    const bool committed = m_request.isolation == Isolation::ReadCommitted;
    const Offset end = committed ? at.last_stable : at.end_seen;
    const bool open_transaction = committed && before.high > end;
    if (at.state == ReadState::AtEnd && p.need == PartitionNeed::None && at.next == before.next &&
        at.next == end && !open_transaction)
        told.push_back(
            {at.topic, at.partition, PartitionNote::ReachedEnd, at.from, at.next, {}, asked});
}

void ReaderWatch::judge_error(PartitionState& p, std::vector<PartitionEvent>& told,
                              Offset next_before, rd_kafka_resp_err_t err, bool nobody) {
    const bool refused = is_refusal(err);
    m_suspicious = m_suspicious || !refused;
    const bool moving = next_before > p.next_when_asked; // slow to answer, but records come
    p.next_when_asked = next_before;
    const bool gone = nobody && (m_all_down || m_refused);
    if (moving && !gone) {
        p.answered = Micros::now();
        p.strikes = 0;
        return;
    }
    if (refused) {
        tell_refused(p, told, err);
        return;
    }
    ++p.strikes;
    const bool sure = gone || m_trouble.code == RD_KAFKA_RESP_ERR__AUTHENTICATION;
    if (p.strikes < strikes_allowed && !sure)
        return;
    p.failed_by_watch = true;
    tell_failed(p, told, err);
}

/// It may not be read any more. That is no silence, and not a topic that is gone: its end is asked
/// for until it is told again, and what was read is read on.
void ReaderWatch::tell_refused(PartitionState& p, std::vector<PartitionEvent>& told,
                               rd_kafka_resp_err_t err) const {
    p.strikes = p.times_missing = 0;
    p.need = PartitionNeed::None;
    p.failed_by_watch = true; // and the log looked at when it answers: it may be another one
    tell_failed(p, told, err);
}

void ReaderWatch::tell_failed(PartitionState& p, std::vector<PartitionEvent>& told,
                              rd_kafka_resp_err_t err) const {
    const Micros since = p.answered.value() >= 0 ? p.answered : Micros::now();
    mark_failed(told, p, interruption(p, err, since), since);
}

Explained ReaderWatch::explain_trouble() const {
    return explain(m_cluster.options(), error_code_of(m_trouble.code), m_trouble.text, true);
}

Error ReaderWatch::interruption(const PartitionState& p, rd_kafka_resp_err_t err,
                                Micros since) const {
    const PartitionProgress& at = p.progress;
    const std::string& connection = m_cluster.options().name;
    const std::string what = "reading is interrupted since " + clock_text(since);
    const std::string tried = "reading " + place_text(at.topic, at.partition) + " on at offset " +
                              std::to_string(at.next.value());
    if (is_refusal(err)) { // whatever befell the connection is not the cause
        Error error = kafka_error(err, what, connection, tried);
        error.advice += " Weir goes on where it stopped once it may.";
        return error;
    }
    const bool told = m_trouble.code != RD_KAFKA_RESP_ERR_NO_ERROR;
    Error error = told ? explain_trouble().error
                       : Error{error_code_of(err), rd_kafka_err2str(err), {}, {}, {}};
    error.where = connection;
    error.what = what + ": " + error.what;
    error.tried = tried;
    error.advice +=
        (error.advice.empty() ? "" : " ") +
        ("Weir connects again by itself, at most " + std::to_string(reconnect_wait_ms_max / 1000) +
         " s between attempts, and goes on where it stopped.");
    return error;
}

// ---- topics: new ones, and those that are no more

void ReaderWatch::check_topics() {
    // A list of all topics leaves out what one may not describe: what is read is asked for by name.
    ReadRequest request = m_request;
    for (const auto& stream : m_streams)
        stream->for_each([&](PartitionState& p, auto&) {
            if (!p.gone)
                request.topics.push_back(p.progress.topic);
        });
    std::set<std::string> untold; // whether these are there, the ends' questions tell
    auto found = find_topics(m_cluster, request, soon(question_wait), &untold);
    if (!found)
        return; // the ends' questions tell about it
    std::set<std::pair<std::string, PartitionId>> exist;
    for (const FoundTopic& t : *found)
        for (const PartitionId id : t.partitions)
            exist.emplace(t.name, id);
    std::set<std::pair<std::string, PartitionId>> known;
    for (const auto& stream : m_streams)
        stream->for_each([&](PartitionState& p, auto&) {
            const auto id = std::make_pair(p.progress.topic, p.progress.partition);
            known.insert(id);
            const bool exists = exist.count(id) > 0;
            if (exists == p.gone && p.need == PartitionNeed::None && untold.count(id.first) == 0)
                p.need = PartitionNeed::Missing;
        });
    std::vector<FoundTopic> fresh;
    for (FoundTopic& t : *found) {
        auto& ids = t.partitions;
        ids.erase(std::remove_if(ids.begin(), ids.end(),
                                 [&](PartitionId id) {
                                     return known.count({t.name, id}) > 0;
                                 }),
                  ids.end());
        if (!ids.empty())
            fresh.push_back(std::move(t));
    }
    if (fresh.empty())
        return;
    // All that is in a new partition was written since the reading began.
    ReadRequest from_begin = m_request;
    from_begin.start = {};
    from_begin.start.kind = StartAt::Kind::Beginning;
    auto planned = plan_partitions(m_cluster, from_begin, fresh, soon(question_wait));
    if (!planned)
        return; // what fails is found again
    planned->erase(
        std::remove_if(planned->begin(), planned->end(),
                       [](const PartitionState& p) { return p.trouble_at_start.has_value(); }),
        planned->end());
    (void)deal(m_streams, std::move(planned).value(), soon(question_wait));
}

} // namespace weir::kafka
