// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/handles.h"

#include <array>

namespace weir::kafka {

ErrorCode error_code_of(rd_kafka_resp_err_t err) {
    switch (err) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
        return ErrorCode::NotFound;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
        return ErrorCode::NotPermitted;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
    case RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
        return ErrorCode::Authentication;
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
        return ErrorCode::Timeout;
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
        return ErrorCode::Corrupt;
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
        return ErrorCode::Unsupported;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
        return ErrorCode::TooLarge;
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION: // a name that cannot be
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
        return ErrorCode::Config;
    case RD_KAFKA_RESP_ERR__STATE:
    case RD_KAFKA_RESP_ERR__FATAL:
        return ErrorCode::Internal;
    default:
        return ErrorCode::Connection;
    }
}

namespace {

const char* advice_for(rd_kafka_resp_err_t err, ErrorCode code) {
    if (err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
        return "Ask for DESCRIBE on the group.";
    if (err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)
        return "Ask for DESCRIBE on the cluster.";
    if (err == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
        return "Ask for WRITE on the transactional id.";
    switch (code) {
    case ErrorCode::NotPermitted:
        return "Ask for READ (and with it DESCRIBE) on the topic; nothing else is needed.";
    case ErrorCode::Authentication:
        return "Check the mechanism, the user name and where the secret comes from.";
    case ErrorCode::Connection:
    case ErrorCode::Timeout:
        return "Check the address, the network and that the brokers' advertised names resolve "
               "here.";
    default:
        return "";
    }
}

} // namespace

Error kafka_error(rd_kafka_resp_err_t err, const std::string& what, const std::string& connection,
                  const std::string& tried) {
    Error error;
    error.code = error_code_of(err);
    error.what = what + ": " + rd_kafka_err2str(err);
    error.where = connection;
    error.tried = tried;
    error.advice = advice_for(err, error.code);
    return error;
}

Result<void> set_property(rd_kafka_conf_t* conf, const std::string& name,
                          const std::string& value) {
    std::array<char, 512> why{};
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why.data(), why.size()) ==
        RD_KAFKA_CONF_OK)
        return {};
    return Error{ErrorCode::Config, name + " cannot be set: " + why.data(), {}, {}, {}};
}

} // namespace weir::kafka
