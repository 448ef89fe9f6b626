// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/secrets/keychain.h"

#include <QCoreApplication>
#include <QThread>
#include <future>
#include <memory>
#include <mutex>
#include <qt6keychain/keychain.h>

namespace weir::keychain {
namespace {

Error failure(QKeychain::Error code, const std::string& entry) {
    Error error{.where = "keychain entry " + entry};
    switch (code) {
    case QKeychain::EntryNotFound:
        error.code = ErrorCode::NotFound;
        error.what = "the keychain holds no such entry";
        error.advice = "Store the secret in the connection's dialog, or refer to it as env:NAME.";
        break;
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        error.code = ErrorCode::NotPermitted;
        error.what = "the keychain does not give it out";
        error.advice = "Unlock the keychain and try again.";
        break;
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        error.code = ErrorCode::Unsupported;
        error.what = "no keychain service runs in this session";
        error.advice = "Start one (GNOME Keyring, KWallet), or refer to the secret as env:NAME, "
                       "file:PATH or command:….";
        break;
    default:
        // libsecret reports a missing session bus or service as a plain failure, too.
        error.code = ErrorCode::Unsupported;
        error.what = "the keychain could not be reached";
        error.advice = "See whether a keychain service runs in this session, or refer to the "
                       "secret as env:NAME, file:PATH or command:….";
    }
    return error;
}

/// The thread with the event loop. Started at the first question, ended with the application.
class Keeper {
  public:
    static Keeper& instance() {
        static auto* keeper = new Keeper; // outlives every static that may still ask
        return *keeper;
    }

    template <class Work>
    bool post(Work work) {
        const std::lock_guard lock(m_mutex);
        if (!QCoreApplication::instance() || m_ended)
            return false;
        if (!m_thread) {
            m_thread = new QThread;
            m_thread->setObjectName(QStringLiteral("keychain"));
            m_worker = new QObject;
            m_worker->moveToThread(m_thread);
            m_thread->start();
            qAddPostRoutine([] { Keeper::instance().end(); });
        }
        return QMetaObject::invokeMethod(m_worker, std::move(work), Qt::QueuedConnection);
    }

  private:
    void end() {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
        m_thread->quit();
        // A keychain that hangs is left hanging: the process is about to end.
        if (m_thread->wait(1000)) {
            delete m_worker;
            delete m_thread;
        }
    }

    std::mutex m_mutex;
    QThread* m_thread = nullptr; // guarded by m_mutex, as are the others
    QObject* m_worker = nullptr;
    bool m_ended = false;
};

QKeychain::Job* make_job(Action action, const QString& service, const QString& key,
                         const std::string& secret) {
    QKeychain::Job* job = nullptr;
    if (action == Action::Read) {
        job = new QKeychain::ReadPasswordJob(service);
    } else if (action == Action::Write) {
        auto* write = new QKeychain::WritePasswordJob(service);
        write->setTextData(QString::fromStdString(secret));
        job = write;
    } else {
        job = new QKeychain::DeletePasswordJob(service);
    }
    job->setKey(key);
    job->setInsecureFallback(false);
    return job;
}

} // namespace

Result<std::string> ask(Action action, const std::string& service, const std::string& key,
                        const std::string& secret, std::chrono::milliseconds wait) {
    const std::string entry = service + "/" + key;
    auto answer = std::make_shared<std::promise<Result<std::string>>>();
    auto future = answer->get_future();
    const bool posted = Keeper::instance().post([=] {
        QKeychain::Job* job =
            make_job(action, QString::fromStdString(service), QString::fromStdString(key), secret);
        QObject::connect(job, &QKeychain::Job::finished, job, [=](QKeychain::Job* done) {
            if (done->error() != QKeychain::NoError) {
                answer->set_value(failure(done->error(), entry));
            } else if (auto* read = qobject_cast<QKeychain::ReadPasswordJob*>(done)) {
                answer->set_value(read->textData().toStdString());
            } else {
                answer->set_value(std::string());
            }
        });
        job->start();
    });
    if (!posted)
        return Error{.code = ErrorCode::Unsupported,
                     .what = "the keychain cannot be asked while the program starts or ends",
                     .where = "keychain entry " + entry};
    if (future.wait_for(wait) != std::future_status::ready)
        return Error{.code = ErrorCode::Timeout,
                     .what = "the keychain did not answer within " + std::to_string(wait.count()) +
                             " ms",
                     .where = "keychain entry " + entry,
                     .advice = "It may be waiting to be unlocked. Unlock it and try again."};
    return future.get();
}

} // namespace weir::keychain
