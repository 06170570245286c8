#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "audit/hash.h"
#include "audit/minisign.h"
#include "domain/result.h"

namespace scr::evidence {

/// A file of a bag that is being written: hashed on the way. Writes are checked, also the last one at close().
class BagFile {
public:
    BagFile(BagFile&&) noexcept;
    BagFile& operator=(BagFile&&) = delete;
    BagFile(const BagFile&) = delete;
    BagFile& operator=(const BagFile&) = delete;
    ~BagFile();

    [[nodiscard]] domain::Status write(std::string_view bytes);

private:
    friend class Bag;
    struct Hashing;
    BagFile(std::string path, std::string place, int fd);
    [[nodiscard]] domain::Status flush();

    std::string m_path;  ///< in the bag
    std::string m_place; ///< on disk
    int m_fd;
    std::uint64_t m_size = 0;
    std::string m_pending;
    std::unique_ptr<Hashing> m_hash;
};

/// A bag of RFC 8493 with a signed manifest, made in a folder beside its place and put there complete or not at all. Destroyed
/// before commit() it leaves nothing.
class Bag {
public:
    /// `path`: a folder that is not there yet, or is empty; with the ending ".tar" one file, which is written over.
    [[nodiscard]] static domain::Result<Bag> create(const std::string& path);
    Bag(Bag&& other) noexcept;
    Bag& operator=(Bag&&) = delete;
    Bag(const Bag&) = delete;
    Bag& operator=(const Bag&) = delete;
    ~Bag();

    /// A new file; its folders are made. `path` is relative, made of A-Z a-z 0-9 . _ - and slashes.
    [[nodiscard]] domain::Result<BagFile> open(const std::string& path);
    [[nodiscard]] domain::Status close(BagFile file);
    [[nodiscard]] domain::Status write(const std::string& path, std::string_view bytes);
    /// Where something else may write a file of the payload, which is then adopted.
    [[nodiscard]] domain::Result<std::string> reserve(const std::string& path);
    [[nodiscard]] domain::Status adopt(const std::string& path);

    /// Manifests and signature; after this nothing is added. `facts`: lines of bag-info.txt, to which the payload's size is
    /// added. Returns the SHA-256 of the signed manifest, hex.
    [[nodiscard]] domain::Result<std::string> sign(std::string_view facts, const audit::MinisignKey& key,
                                                   std::string_view comment);
    [[nodiscard]] const std::string& staging() const noexcept { return m_staging; } ///< the folder before it is in its place
    [[nodiscard]] domain::Status commit();

private:
    Bag(std::string path, std::string staging) : m_path{std::move(path)}, m_staging{std::move(staging)} {}
    void discard() noexcept;
    [[nodiscard]] std::string placeOf(const std::string& path) const { return m_staging + '/' + path; }

    std::string m_path;
    std::string m_staging;                        ///< empty: nothing is to be removed any more
    std::map<std::string, std::string> m_payload; ///< SHA-256 by path
    std::map<std::string, std::string> m_tags;
    std::uint64_t m_bytes = 0;
};

} // namespace scr::evidence
