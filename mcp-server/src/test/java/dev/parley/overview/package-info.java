/** Tests of what an onlooker sees. */
package dev.parley.overview;
