#pragma once

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

#include "verify/text.h"

/// SHA-256 (FIPS 180-4): libsodium's, or that of the processor where it has one, which is four times as fast.
namespace scr::verify {

#if defined(__x86_64__)
inline const bool hasSha = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29U & 1U) != 0;
}();

alignas(16) inline constexpr std::uint32_t kRound[64]{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// Section 6.2.2, over blocks of 64 bytes. The instructions want the state as (A,B,E,F) and (C,D,G,H), and do two rounds each.
__attribute__((target("sha,sse4.1"))) inline void compress(std::uint32_t* state, const char* bytes, std::size_t blocks)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    auto* vector = reinterpret_cast<__m128i*>(state);
    const __m128i low = _mm_shuffle_epi32(_mm_loadu_si128(vector), 0xb1);
    const __m128i high = _mm_shuffle_epi32(_mm_loadu_si128(vector + 1), 0x1b);
    __m128i abef = _mm_alignr_epi8(low, high, 8);
    __m128i cdgh = _mm_blend_epi16(high, low, 0xf0);
    for (; blocks > 0; --blocks, bytes += 64) {
        const __m128i abefBefore = abef;
        const __m128i cdghBefore = cdgh;
        __m128i words[4];
        for (int i = 0; i < 4; ++i)
            words[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes) + i), swap);
#pragma GCC unroll 16
        for (int i = 0; i < 16; ++i) {
            const __m128i now = words[i % 4];
            const __m128i sum = _mm_add_epi32(now, _mm_load_si128(reinterpret_cast<const __m128i*>(kRound) + i));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
            if (i < 12) { // the four words of round i + 4, from those of the four rounds before
                const __m128i seven = _mm_alignr_epi8(words[(i + 3) % 4], words[(i + 2) % 4], 4);
                const __m128i half = _mm_add_epi32(_mm_sha256msg1_epu32(now, words[(i + 1) % 4]), seven);
                words[i % 4] = _mm_sha256msg2_epu32(half, words[(i + 3) % 4]);
            }
        }
        abef = _mm_add_epi32(abef, abefBefore);
        cdgh = _mm_add_epi32(cdgh, cdghBefore);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128(vector, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128(vector + 1, _mm_alignr_epi8(dchg, feba, 8));
}
#else
inline constexpr bool hasSha = false;
inline void compress(std::uint32_t*, const char*, std::size_t) {}
#endif

/// A message in steps. Whole blocks are taken by the processor into libsodium's state, the rest by libsodium itself.
class Sha256 {
public:
    Sha256() { crypto_hash_sha256_init(&m_state); }

    Sha256& add(std::string_view bytes)
    {
        const std::size_t blocks = hasSha && m_state.count / 8 % kBlock == 0 ? bytes.size() / kBlock : 0; // it counts bits
        if (blocks > 0) // else this may be a processor that has none of what that takes
            compress(m_state.state, bytes.data(), blocks);
        m_state.count += 8 * kBlock * blocks;
        bytes.remove_prefix(kBlock * blocks);
        crypto_hash_sha256_update(&m_state, octets(bytes), bytes.size());
        return *this;
    }

    [[nodiscard]] std::string end() ///< once; the 32 bytes of the hash
    {
        std::string hash(crypto_hash_sha256_BYTES, '\0');
        crypto_hash_sha256_final(&m_state, reinterpret_cast<unsigned char*>(hash.data()));
        return hash;
    }

    /// The hashes of the texts, one after the other, each with that byte before it. Short ones are mostly end: so that is made
    /// here (section 5.1.1) and left to the processor, too.
    static std::string ofEach(char first, const std::vector<std::string_view>& texts)
    {
        std::string hashes, message;
        for (const std::string_view text : texts) {
            message = first;
            message += text;
            std::uint64_t bits = 8 * message.size();
            message += '\x80';
            message.resize((message.size() + 8 + kBlock - 1) / kBlock * kBlock, '\0');
            for (auto last = message.rbegin(); bits > 0; bits >>= 8U)
                *last++ = static_cast<char>(bits & 0xffU);
            Sha256 whole;
            whole.add(message);
            for (const std::uint32_t word : whole.m_state.state)
                for (unsigned shift : {24U, 16U, 8U, 0U})
                    hashes += static_cast<char>(word >> shift & 0xffU);
        }
        return hashes;
    }

private:
    static constexpr std::size_t kBlock = 64;
    crypto_hash_sha256_state m_state;
};

} // namespace scr::verify
