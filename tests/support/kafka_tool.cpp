// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_tool.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <librdkafka/rdkafka.h>
#include <thread>

namespace weir::test {
namespace {

constexpr int limit_ms = 30000;

using Properties = std::map<std::string, std::string>;
using Queue = std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)>;
using Event = std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)>;

Error failure(const std::string& what, const std::string& why) {
    return Error{.code = ErrorCode::Internal, .what = what + ": " + why, .where = "test broker"};
}

rd_kafka_t* make_client(rd_kafka_type_t type, const Properties& properties) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    char why[512] = "";
    rd_kafka_conf_set(conf, "log_level", "3", why, sizeof why);
    for (const auto& [name, value] : properties)
        if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof why) !=
            RD_KAFKA_CONF_OK)
            std::fprintf(stderr, "%s=%s: %s\n", name.c_str(), value.c_str(), why);
    rd_kafka_t* client = rd_kafka_new(type, conf, why, sizeof why);
    if (!client)
        std::fprintf(stderr, "no client: %s\n", why);
    return client;
}

/// Asks `condition` until it is true or the limit has passed.
bool eventually(const std::function<bool()>& condition) {
    using namespace std::chrono;
    const auto end = steady_clock::now() + milliseconds(limit_ms);
    while (!condition()) {
        if (steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(milliseconds(20));
    }
    return true;
}

/// Partitions with a leader, by topic.
std::map<std::string, int> ready_topics(rd_kafka_t* client) {
    const rd_kafka_metadata_t* metadata = nullptr;
    std::map<std::string, int> ready;
    if (rd_kafka_metadata(client, 1, nullptr, &metadata, limit_ms) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return ready;
    for (int t = 0; t < metadata->topic_cnt; ++t) {
        const rd_kafka_metadata_topic& topic = metadata->topics[t];
        const rd_kafka_metadata_partition* begin = topic.partitions;
        ready[topic.topic] = static_cast<int>(std::count_if(
            begin, begin + topic.partition_cnt, [](const auto& p) { return p.leader >= 0; }));
    }
    rd_kafka_metadata_destroy(metadata);
    return ready;
}

/// Waits for the answer of an admin call; `first_error` picks the error of its only item.
Result<void> wait_admin(const std::string& what, rd_kafka_queue_t* queue,
                        const std::function<std::string(rd_kafka_event_t*)>& first_error) {
    const Event event(rd_kafka_queue_poll(queue, limit_ms), rd_kafka_event_destroy);
    if (!event)
        return failure(what, "no answer");
    if (rd_kafka_event_error(event.get()))
        return failure(what, rd_kafka_event_error_string(event.get()));
    if (const std::string why = first_error(event.get()); !why.empty())
        return failure(what, why);
    return {};
}

std::string topic_error(const rd_kafka_topic_result_t** topics, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        if (rd_kafka_topic_result_error(topics[i]))
            return rd_kafka_err2str(rd_kafka_topic_result_error(topics[i]));
    return {};
}

/// Counts what was not delivered; the client's opaque is the counter.
void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    if (message->err)
        *static_cast<std::string*>(opaque) = rd_kafka_err2str(message->err);
}

rd_kafka_resp_err_t send(rd_kafka_t* client, const std::string& topic, const TestRecord& record) {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
    for (const auto& [name, value] : record.headers)
        rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()),
                            value ? value->data() : nullptr,
                            value ? static_cast<ssize_t>(value->size()) : 0);
    const std::string none;
    const std::string& value = record.value ? *record.value : none;
    const std::string& key = record.key ? *record.key : none;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    do {
        error = rd_kafka_producev(
            client, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_PARTITION(record.partition),
            RD_KAFKA_V_VALUE((record.value ? const_cast<char*>(value.data()) : nullptr),
                             value.size()),
            RD_KAFKA_V_KEY((record.key ? const_cast<char*>(key.data()) : nullptr), key.size()),
            RD_KAFKA_V_TIMESTAMP(record.timestamp_ms), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL)
            rd_kafka_poll(client, 50);
    } while (error == RD_KAFKA_RESP_ERR__QUEUE_FULL);
    if (error)
        rd_kafka_headers_destroy(headers);
    return error;
}

Result<void> check(const std::string& what, rd_kafka_error_t* error) {
    if (!error)
        return {};
    const std::string why = rd_kafka_error_string(error);
    rd_kafka_error_destroy(error);
    return failure(what, why);
}

template <class Enum>
Enum by_name(const std::string& name, int count, const char* (*name_of)(Enum)) {
    for (int i = 0; i < count; ++i)
        if (name == name_of(static_cast<Enum>(i)))
            return static_cast<Enum>(i);
    return static_cast<Enum>(0); // UNKNOWN: the broker refuses it
}

} // namespace

KafkaTool::KafkaTool(const KafkaBroker& broker)
    : KafkaTool(broker.address()) {}

KafkaTool::KafkaTool(const std::string& address)
    : m_address(address)
    // Watermarks are to be the log's real ends, not the end of what is committed.
    , m_client(make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", m_address},
                                               {"isolation.level", "read_uncommitted"}})) {}

KafkaTool::~KafkaTool() {
    rd_kafka_destroy(m_client);
}

Result<void> KafkaTool::create_topic(const std::string& name, int partitions,
                                     const std::map<std::string, std::string>& configs) {
    char why[256] = "";
    rd_kafka_NewTopic_t* topic =
        rd_kafka_NewTopic_new(name.c_str(), partitions, 1, why, sizeof why);
    if (!topic)
        return failure("create " + name, why);
    for (const auto& [key, value] : configs)
        rd_kafka_NewTopic_set_config(topic, key.c_str(), value.c_str());
    const Queue queue(rd_kafka_queue_new(m_client), rd_kafka_queue_destroy);
    rd_kafka_CreateTopics(m_client, &topic, 1, nullptr, queue.get());
    rd_kafka_NewTopic_destroy(topic);
    Result<void> created = wait_admin("create " + name, queue.get(), [](rd_kafka_event_t* event) {
        std::size_t count = 0;
        const auto* result = rd_kafka_event_CreateTopics_result(event);
        return topic_error(rd_kafka_CreateTopics_result_topics(result, &count), count);
    });
    if (!created)
        return created;
    if (!eventually([&] { return ready_topics(m_client)[name] == partitions; }))
        return failure("create " + name, "it did not get its leaders");
    return {};
}

Result<void> KafkaTool::delete_topic(const std::string& name) {
    rd_kafka_DeleteTopic_t* topic = rd_kafka_DeleteTopic_new(name.c_str());
    const Queue queue(rd_kafka_queue_new(m_client), rd_kafka_queue_destroy);
    rd_kafka_DeleteTopics(m_client, &topic, 1, nullptr, queue.get());
    rd_kafka_DeleteTopic_destroy(topic);
    Result<void> deleted = wait_admin("delete " + name, queue.get(), [](rd_kafka_event_t* event) {
        std::size_t count = 0;
        const auto* result = rd_kafka_event_DeleteTopics_result(event);
        return topic_error(rd_kafka_DeleteTopics_result_topics(result, &count), count);
    });
    if (!deleted)
        return deleted;
    if (!eventually([&] { return ready_topics(m_client).count(name) == 0; }))
        return failure("delete " + name, "it is still there");
    return {};
}

Result<void> KafkaTool::configure(const std::string& name,
                                  const std::map<std::string, std::string>& configs) {
    rd_kafka_ConfigResource_t* topic =
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str());
    for (const auto& [key, value] : configs)
        rd_kafka_ConfigResource_set_config(topic, key.c_str(), value.c_str());
    const Queue queue(rd_kafka_queue_new(m_client), rd_kafka_queue_destroy);
    rd_kafka_AlterConfigs(m_client, &topic, 1, nullptr, queue.get());
    rd_kafka_ConfigResource_destroy(topic);
    return wait_admin("configure " + name, queue.get(), [](rd_kafka_event_t* event) {
        std::size_t count = 0;
        const auto** topics = rd_kafka_AlterConfigs_result_resources(
            rd_kafka_event_AlterConfigs_result(event), &count);
        const auto error =
            count == 0 ? RD_KAFKA_RESP_ERR__BAD_MSG : rd_kafka_ConfigResource_error(topics[0]);
        return error ? std::string(rd_kafka_err2str(error)) : std::string();
    });
}

Result<void> KafkaTool::add_partitions(const std::string& name, int total) {
    char why[256] = "";
    rd_kafka_NewPartitions_t* more =
        rd_kafka_NewPartitions_new(name.c_str(), static_cast<std::size_t>(total), why, sizeof why);
    if (!more)
        return failure("add partitions to " + name, why);
    const Queue queue(rd_kafka_queue_new(m_client), rd_kafka_queue_destroy);
    rd_kafka_CreatePartitions(m_client, &more, 1, nullptr, queue.get());
    rd_kafka_NewPartitions_destroy(more);
    Result<void> added =
        wait_admin("add partitions to " + name, queue.get(), [](rd_kafka_event_t* event) {
            std::size_t count = 0;
            const auto* result = rd_kafka_event_CreatePartitions_result(event);
            return topic_error(rd_kafka_CreatePartitions_result_topics(result, &count), count);
        });
    if (added && !eventually([&] { return ready_topics(m_client)[name] == total; }))
        return failure("add partitions to " + name, "they did not get their leaders");
    return added;
}

Result<void> KafkaTool::delete_records(const std::string& topic, int partition,
                                       std::int64_t before) {
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = before;
    rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(list);
    rd_kafka_topic_partition_list_destroy(list);
    const Queue queue(rd_kafka_queue_new(m_client), rd_kafka_queue_destroy);
    rd_kafka_DeleteRecords(m_client, &request, 1, nullptr, queue.get());
    rd_kafka_DeleteRecords_destroy(request);
    return wait_admin("delete records of " + topic, queue.get(), [](rd_kafka_event_t* event) {
        const auto* offsets =
            rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event));
        return std::string(offsets->elems[0].err ? rd_kafka_err2str(offsets->elems[0].err) : "");
    });
}

Result<std::vector<std::string>> KafkaTool::topics() {
    std::vector<std::string> names;
    for (const auto& [name, partitions] : ready_topics(m_client))
        names.push_back(name);
    return names;
}

Result<void> KafkaTool::allow(const std::string& user, const std::string& operation,
                              const std::string& resource, const std::string& name, bool prefixed) {
    const std::string what = "allow " + user + " " + operation + " " + resource + " " + name;
    char why[256] = "";
    const std::string principal = "User:" + user;
    rd_kafka_AclBinding_t* binding = rd_kafka_AclBinding_new(
        by_name(resource == "CLUSTER" ? "BROKER" : resource, RD_KAFKA_RESOURCE__CNT,
                rd_kafka_ResourceType_name),
        name.c_str(),
        prefixed ? RD_KAFKA_RESOURCE_PATTERN_PREFIXED : RD_KAFKA_RESOURCE_PATTERN_LITERAL,
        principal.c_str(), "*",
        by_name(operation, RD_KAFKA_ACL_OPERATION__CNT, rd_kafka_AclOperation_name),
        RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, why, sizeof why);
    if (!binding)
        return failure(what, why);
    const Queue queue(rd_kafka_queue_new(m_client), rd_kafka_queue_destroy);
    rd_kafka_CreateAcls(m_client, &binding, 1, nullptr, queue.get());
    rd_kafka_AclBinding_destroy(binding);
    return wait_admin(what, queue.get(), [](rd_kafka_event_t* event) {
        std::size_t count = 0;
        const auto* results =
            rd_kafka_CreateAcls_result_acls(rd_kafka_event_CreateAcls_result(event), &count);
        const rd_kafka_error_t* error = count ? rd_kafka_acl_result_error(results[0]) : nullptr;
        return std::string(error ? rd_kafka_error_string(error) : "");
    });
}

namespace {

Result<void> take_back(rd_kafka_t* client, const std::string& user,
                       rd_kafka_ResourceType_t resource, const char* name) {
    const std::string what = "forbid " + user + " " + (name ? name : "everything");
    char why[256] = "";
    const std::string principal = "User:" + user;
    rd_kafka_AclBindingFilter_t* filter = rd_kafka_AclBindingFilter_new(
        resource, name, RD_KAFKA_RESOURCE_PATTERN_ANY, principal.c_str(), nullptr,
        RD_KAFKA_ACL_OPERATION_ANY, RD_KAFKA_ACL_PERMISSION_TYPE_ANY, why, sizeof why);
    if (!filter)
        return failure(what, why);
    const Queue queue(rd_kafka_queue_new(client), rd_kafka_queue_destroy);
    rd_kafka_DeleteAcls(client, &filter, 1, nullptr, queue.get());
    rd_kafka_AclBinding_destroy(filter);
    return wait_admin(what, queue.get(), [](rd_kafka_event_t* event) {
        std::size_t count = 0;
        const auto* answers =
            rd_kafka_DeleteAcls_result_responses(rd_kafka_event_DeleteAcls_result(event), &count);
        const rd_kafka_error_t* error =
            count ? rd_kafka_DeleteAcls_result_response_error(answers[0]) : nullptr;
        return std::string(error ? rd_kafka_error_string(error) : "");
    });
}

} // namespace

Result<void> KafkaTool::forbid(const std::string& user, const std::string& topic) {
    return take_back(m_client, user, RD_KAFKA_RESOURCE_TOPIC, topic.c_str());
}

Result<void> KafkaTool::forbid_all(const std::string& user) {
    return take_back(m_client, user, RD_KAFKA_RESOURCE_ANY, nullptr);
}

Result<void> KafkaTool::write(const std::string& topic, const std::vector<TestRecord>& records,
                              const WriteOptions& options) {
    return write_many(
        topic, static_cast<std::int64_t>(records.size()),
        [&](std::int64_t i) { return records[static_cast<std::size_t>(i)]; }, options);
}

Result<void> KafkaTool::write_many(const std::string& topic, std::int64_t count,
                                   const std::function<TestRecord(std::int64_t)>& make,
                                   const WriteOptions& options) {
    std::string trouble;
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    char why[512] = "";
    Properties properties = {
        {"bootstrap.servers", m_address},  {"compression.codec", options.codec},
        {"enable.idempotence", "true"},    {"linger.ms", "5"},
        {"message.max.bytes", "33000000"}, {"log_level", "3"}};
    for (const auto& [name, value] : options.properties)
        properties[name] = value;
    for (const auto& [name, value] : properties)
        if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof why))
            trouble = why;
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_opaque(conf, &trouble);
    rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    if (!client) {
        rd_kafka_conf_destroy(conf);
        return failure("write to " + topic, why);
    }
    for (std::int64_t i = 0; i < count && trouble.empty(); ++i) {
        if (const auto error = send(client, topic, make(i)); error)
            trouble = rd_kafka_err2str(error);
        if (i % 1000 == 0)
            rd_kafka_poll(client, 0);
    }
    if (trouble.empty() && rd_kafka_flush(client, 2 * limit_ms) && trouble.empty())
        trouble = "not all was acknowledged";
    rd_kafka_destroy(client);
    if (!trouble.empty())
        return failure("write to " + topic, trouble);
    return {};
}

namespace {

rd_kafka_resp_err_t commit_for(rd_kafka_t* client, const std::string& topic,
                               const std::map<int, std::int64_t>& offsets) {
    rd_kafka_topic_partition_list_t* list =
        rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size()));
    for (const auto& [partition, offset] : offsets)
        rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = offset;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    // The group's coordinator may be still on its way up on a fresh broker.
    eventually([&] {
        error = rd_kafka_commit(client, list, 0);
        return error != RD_KAFKA_RESP_ERR__WAIT_COORD &&
               error != RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE &&
               error != RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS &&
               error != RD_KAFKA_RESP_ERR_NOT_COORDINATOR;
    });
    rd_kafka_topic_partition_list_destroy(list);
    return error;
}

} // namespace

Result<void> KafkaTool::commit(const std::string& group, const std::string& topic,
                               const std::map<int, std::int64_t>& offsets) {
    rd_kafka_t* client =
        make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", m_address}, {"group.id", group}});
    const rd_kafka_resp_err_t error = commit_for(client, topic, offsets);
    rd_kafka_destroy(client);
    if (error)
        return failure("commit for " + group, rd_kafka_err2str(error));
    return {};
}

Result<std::pair<std::int64_t, std::int64_t>> KafkaTool::watermarks(const std::string& topic,
                                                                    int partition) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    const auto error =
        rd_kafka_query_watermark_offsets(m_client, topic.c_str(), partition, &low, &high, limit_ms);
    if (error)
        return failure("watermarks of " + topic, rd_kafka_err2str(error));
    return std::pair(low, high);
}

TransactionalWriter::TransactionalWriter(const KafkaBroker& broker,
                                         const std::string& transactional_id)
    : m_client(make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", broker.address()},
                                               {"transactional.id", transactional_id},
                                               {"transaction.timeout.ms", "60000"}})) {
    if (Result<void> ready =
            check("init transactions", rd_kafka_init_transactions(m_client, limit_ms));
        !ready)
        std::fprintf(stderr, "%s\n", ready.error().text().c_str());
}

TransactionalWriter::~TransactionalWriter() {
    rd_kafka_destroy(m_client);
}

Result<void> TransactionalWriter::begin() {
    return check("begin", rd_kafka_begin_transaction(m_client));
}

Result<void> TransactionalWriter::write(const std::string& topic,
                                        const std::vector<TestRecord>& records) {
    for (const TestRecord& record : records)
        if (const auto error = send(m_client, topic, record); error)
            return failure("write to " + topic, rd_kafka_err2str(error));
    if (const auto error = rd_kafka_flush(m_client, limit_ms); error)
        return failure("write to " + topic, rd_kafka_err2str(error));
    for (const TestRecord& record : records)
        if (record.partition >= 0)
            m_written.insert({topic, record.partition});
    return {};
}

std::map<std::pair<std::string, int>, std::int64_t> TransactionalWriter::ends() const {
    std::map<std::pair<std::string, int>, std::int64_t> all;
    std::int64_t low = 0;
    for (const auto& at : m_written)
        rd_kafka_query_watermark_offsets(m_client, at.first.c_str(), at.second, &low, &all[at],
                                         limit_ms);
    return all;
}

Result<void> TransactionalWriter::wait_for_markers(
    const std::map<std::pair<std::string, int>, std::int64_t>& before) {
    const bool come = eventually([&] {
        const auto now = ends();
        return std::all_of(now.begin(), now.end(),
                           [&](const auto& at) { return at.second > before.at(at.first); });
    });
    m_written.clear();
    return come ? Result<void>() : failure("end a transaction", "its markers did not come");
}

Result<void> TransactionalWriter::commit_offset(const std::string& group, const std::string& topic,
                                                std::int64_t offset) {
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.c_str(), 0)->offset = offset;
    rd_kafka_consumer_group_metadata_t* of_group =
        rd_kafka_consumer_group_metadata_new(group.c_str());
    auto sent = check("send offsets",
                      rd_kafka_send_offsets_to_transaction(m_client, list, of_group, limit_ms));
    rd_kafka_consumer_group_metadata_destroy(of_group);
    rd_kafka_topic_partition_list_destroy(list);
    return sent;
}

Result<void> TransactionalWriter::commit() {
    const auto before = ends();
    auto done = check("commit", rd_kafka_commit_transaction(m_client, limit_ms));
    return done ? wait_for_markers(before) : done;
}

Result<void> TransactionalWriter::abort() {
    const auto before = ends();
    auto done = check("abort", rd_kafka_abort_transaction(m_client, limit_ms));
    return done ? wait_for_markers(before) : done;
}

Result<std::unique_ptr<GroupMember>>
GroupMember::join(const KafkaBroker& broker, const std::string& group, const std::string& topic) {
    std::unique_ptr<GroupMember> member(new GroupMember);
    member->m_client = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", broker.address()},
                                                       {"group.id", group},
                                                       {"enable.auto.commit", "false"}});
    rd_kafka_poll_set_consumer(member->m_client);
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.c_str(), RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(member->m_client, list);
    rd_kafka_topic_partition_list_destroy(list);
    const bool assigned = eventually([&] {
        if (rd_kafka_message_t* message = rd_kafka_consumer_poll(member->m_client, 50))
            rd_kafka_message_destroy(message);
        rd_kafka_topic_partition_list_t* mine = nullptr;
        if (rd_kafka_assignment(member->m_client, &mine))
            return false;
        const int count = mine->cnt;
        rd_kafka_topic_partition_list_destroy(mine);
        return count > 0;
    });
    if (!assigned)
        return failure("join " + group, "nothing was assigned");
    return member;
}

Result<void> GroupMember::commit(const std::string& topic,
                                 const std::map<int, std::int64_t>& offsets) {
    const rd_kafka_resp_err_t error = commit_for(m_client, topic, offsets);
    if (error)
        return failure("commit of a member to " + topic, rd_kafka_err2str(error));
    return {};
}

GroupMember::~GroupMember() {
    rd_kafka_consumer_close(m_client);
    rd_kafka_destroy(m_client);
}

} // namespace weir::test
