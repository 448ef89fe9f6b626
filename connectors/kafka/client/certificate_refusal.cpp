// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/certificate_refusal.h"

namespace weir::kafka {
namespace {

// OpenSSL's X509_V_ERR_* (x509_vfy.h), which librdkafka hands through as numbers.
struct Verdict {
    int error;
    const char* what;
    const char* advice;
};
constexpr Verdict verdicts[] = {
    {2, "its issuer is not known", name_authority},
    {7, "its signature is not the authority's", name_authority},
    {9, "it is not valid yet", "Check this machine's clock."},
    {10, "it has expired", "The cluster needs a new certificate."},
    {18, "it is signed by itself and not known here", name_authority},
    {19, "its authority is not trusted here", name_authority},
    {20, "its authority is not known here", name_authority},
    {21, "its authority is not known here", name_authority},
    {23, "it has been revoked", "The cluster needs a new certificate."},
    {62, "it is for another host name",
     "Connect by a name that stands in the certificate, or set \"verify_hostname\" to false."},
    {64, "it is for another address",
     "Connect by a name that stands in the certificate, or set \"verify_hostname\" to false."},
};

std::string reason_of(int error) {
    for (const Verdict& verdict : verdicts)
        if (verdict.error == error)
            return std::string(verdict.what) + ". " + verdict.advice;
    return "OpenSSL's verification error " + std::to_string(error);
}

} // namespace

std::string certificate_refusal(const std::string& broker, int x509_error) {
    return "the certificate of " + broker + " is refused: " + reason_of(x509_error);
}

} // namespace weir::kafka
